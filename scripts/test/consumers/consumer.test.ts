import { expect, test } from "@jest/globals";
import { createVerifier } from "watchword";
import { mintToken } from "watchword/testing";

test("a token of watchword/testing is verified", async () => {
  const secret = "Tq7mZ2vX9kLr4Nw8Ps1Yc6Hd3Fg5Jb0e";
  const [issuer, audience] = ["https://app.example.com", "https://api.example.com"];
  const token = mintToken({ secret, iss: issuer, aud: audience, sub: "ada" });
  expect((await createVerifier({ issuer, audience, secret }).verify(token)).userId).toBe("ada");
});
