import { describe, expect, test } from "vitest";
import { errorTable } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { FakeIssuer } from "../../src/testing/index.ts";
import type { RevocationSource, RevocationSubject } from "../../src/token/revocation.ts";
import type { VerifierOptions } from "../../src/token/verifier-options.ts";
import type { VerifyOptions } from "../../src/token/verify.ts";
import { claims, options, token, verdict } from "../sample-token.ts";

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

  test("that fails refuses the token as unavailable, and the answer says why", async () => {
    const revocation: RevocationSource = {
      isRevoked() {
        throw new Error("out of reach");
      },
    };
    await expect(createVerifier({ ...options, revocation }).verify(token())).rejects.toMatchObject({
      code: "unavailable",
      message: errorTable.unavailable.variants.revocations,
    });
  });

  test("that answers anything but false revokes", async () => {
    const answer = (value: unknown) => ({ isRevoked: () => value }) as RevocationSource;
    expect(await verdict(token(), { revocation: answer(true) })).toBe("revoked");
    expect(await verdict(token(), { revocation: answer(undefined) })).toBe("revoked");
    expect(await verdict(token(), { revocation: answer(Promise.resolve(false)) })).toBe("revoked");
    expect(await verdict(token(), { revocation: answer(false) })).toBe("accepted");
  });
});

describe("a call that says whether it asks", () => {
  const revoking: RevocationSource = { isRevoked: () => true };
  const asking = createVerifier({ ...options, revocation: revoking });
  const plain = createVerifier(options);
  const uses = [undefined, { revocation: undefined }, "feed", "none", "off"] as const;

  async function codes(look: (how?: VerifyOptions) => unknown): Promise<string[]> {
    const found: string[] = [];
    for (const use of uses) {
      const how = typeof use === "string" ? { revocation: use as "none" } : use;
      try {
        await look(how);
        found.push("accepted");
      } catch (error) {
        found.push((error as { code: string }).code);
      }
    }
    return found;
  }
  const askedUnlessNone = ["revoked", "revoked", "revoked", "accepted", "revoked"];
  const neverKnown = ["accepted", "accepted", "internal_error", "accepted", "internal_error"];

  test("is heard by a verifier with a source, and refused where nobody knows", async () => {
    expect([asking.revocation, plain.revocation]).toEqual(["feed", "none"]);
    const text = token({ jti: "not seen before" });
    expect(await codes((how) => asking.verify(text, how))).toEqual(askedUnlessNone);
    expect(await codes((how) => plain.verify(text, how))).toEqual(neverKnown);
  });

  test("is heard where a token is known", async () => {
    const text = token({ jti: "recalled" });
    await asking.verify(text, { revocation: "none" });
    await plain.verify(text);
    expect(await codes((how) => asking.verify(text, how))).toEqual(askedUnlessNone);
    expect(await codes((how) => plain.verify(text, how))).toEqual(neverKnown);
  });

  test("is heard where the key has to be fetched first", async () => {
    const first = (source: Partial<VerifierOptions>, how?: VerifyOptions) => {
      const published = new FakeIssuer({ clock: options.clock });
      const { issuer, audience, jwksUrl, fetch } = published;
      const verifier = createVerifier({
        issuer,
        audience,
        jwksUrl,
        fetch,
        clock: options.clock,
        ...source,
      });
      return verifier.verify(published.mintToken(), how);
    };
    expect(await codes((how) => first({ revocation: revoking }, how))).toEqual(askedUnlessNone);
    expect(await codes((how) => first({}, how))).toEqual(neverKnown);
  });
});
