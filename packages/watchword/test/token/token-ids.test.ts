import { expect, it } from "vitest";
import { checkTokenAndSessionIds } from "../../src/token/claims.ts";

it.each(["urn:id:1", "a b", "ü", "x".repeat(256)])(
  "accepts the id %j, which is unusual and harmless",
  (id) => {
    expect(() => checkTokenAndSessionIds({ jti: id, sid: id })).not.toThrow();
  },
);
