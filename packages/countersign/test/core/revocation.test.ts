import { describe, expect, test } from "vitest";
import type { RevocationSource, RevocationSubject } from "../../src/core/revocation.ts";
import { createVerifier } from "../../src/core/verify.ts";
import { claims, options, token, verdict } from "./sample-token.ts";

describe("a source of revocations", () => {
  test("is asked by jti, sid, sub and iat on every request, known token or not", async () => {
    const asked: RevocationSubject[] = [];
    const verifier = createVerifier({
      ...options,
      revocation: {
        isRevoked(identity) {
          asked.push(identity);
          return false;
        },
      },
    });
    await verifier.verify(token());
    await verifier.verify(token());
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatchObject({
      tokenId: claims.jti,
      sessionId: claims.sid,
      userId: claims.sub,
      issuedAt: claims.iat,
    });
  });

  test("that fails refuses the token as unavailable", async () => {
    const revocation: RevocationSource = {
      isRevoked() {
        throw new Error("out of reach");
      },
    };
    expect(await verdict(token(), { revocation })).toBe("unavailable");
  });

  test("that answers anything but false revokes", async () => {
    const answer = (value: unknown) => ({ isRevoked: () => value }) as RevocationSource;
    expect(await verdict(token(), { revocation: answer(true) })).toBe("revoked");
    expect(await verdict(token(), { revocation: answer(undefined) })).toBe("revoked");
    expect(await verdict(token(), { revocation: answer(Promise.resolve(false)) })).toBe("revoked");
    expect(await verdict(token(), { revocation: answer(false) })).toBe("accepted");
  });
});
