import { randomBytes } from "node:crypto";
import { type Answer, exchange } from "../../support/raw-request.ts";
import type { Target } from "../run.ts";
import { must, operatorDoes } from "./need.ts";

/** Members of a JWK (RFC 7518 §6) that nobody else may know. */
const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** A key set is public: where one is published it may be kept for a while and holds public members only. */
function mustBePublicKeys(path: string, answer: Answer, optional: boolean): void {
  if (optional && answer.status === 404) return;
  must(answer.status === 200, `${path} is answered ${answer.status}`);
  must(/^application\/(jwk-set\+)?json/.test(answer.header("content-type") ?? ""), `${path} is no JSON`);
  must(answer.all("set-cookie").length === 0, `${path} sets a cookie`);
  const age = /max-age=(\d+)/.exec(answer.header("cache-control") ?? "")?.[1];
  must(
    age !== undefined && Number(age) <= 3600,
    `${path} may be kept ${age ?? "for a time that it does not tell"}`,
  );
  const { keys } = answer.json() as { keys: readonly object[] };
  must(keys.length > 0, `${path} publishes no key`);
  for (const key of keys)
    for (const member of privateMembers) must(!(member in key), `${path} publishes ${member}`);
}

/** @param optional whether it may have no keys to publish: it has none where it shares its key with the service. */
async function keepsNothing(issuer: URL, optional: boolean): Promise<void> {
  const at = (path: string) => `${issuer.pathname}${path}`;
  const signUp = await exchange(issuer.origin, {
    method: "POST",
    target: at("/sign-up/email"),
    headers: [
      ["Content-Type", "application/json"],
      ["Origin", issuer.origin],
    ],
    body: JSON.stringify({
      name: "Ann",
      email: `${randomBytes(8).toString("hex")}@example.test`,
      password: randomBytes(16).toString("hex"),
    }),
  });
  must(signUp.status === 200, `signing up is answered ${signUp.status}`);
  const cookie = signUp
    .all("set-cookie")
    .map((value) => value.split(";")[0])
    .join("; ");
  for (const path of ["/token", "/get-session"]) {
    const answer = await exchange(issuer.origin, {
      method: "GET",
      target: at(path),
      headers: [["Cookie", cookie]],
    });
    must(answer.status === 200, `${path} is answered ${answer.status}`);
    must(/\bno-store\b/.test(answer.header("cache-control") ?? ""), `${path} may be kept`);
  }
  for (const path of ["/jwks", "/.well-known/jwks.json"]) {
    const answer = await exchange(issuer.origin, { method: "GET", target: at(path), headers: [] });
    mustBePublicKeys(path, answer, optional);
  }
}

export async function issuerKeepsNothing(target: Target): Promise<void> {
  await keepsNothing(new URL(await operatorDoes(target, "issuer")()), true);
  const { keyPairs } = target.operator ?? {};
  if (keyPairs !== undefined)
    await keepsNothing(new URL((await operatorDoes(target, "keyPairs")()).issuer), false);
  // The service that verifies has no keys to publish.
  for (const path of ["/jwks", "/.well-known/jwks.json", "/api/auth/jwks"]) {
    const answer = await exchange(target.origin, { method: "GET", target: path, headers: [] });
    must(answer.status === 404, `the service answers ${path} with ${answer.status}`);
  }
}
