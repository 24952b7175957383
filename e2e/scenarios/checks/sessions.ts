import { type At, SignedIn } from "../../support/signed-in.ts";
import { Run, type Target } from "../run.ts";
import { must, operatorDoes } from "./need.ts";

/** From the end of a session to the refusal of its token, in milliseconds. */
export const bound = 2000;

/** Where the issuer is that the service believes. */
export async function issuerOf(target: Target): Promise<At> {
  const { origin, pathname } = new URL(await operatorDoes(target, "issuer")());
  return { origin, address: target.tokens.variables["issuer"] ?? origin, basePath: pathname };
}

/** A user of the issuer, who has just signed up. */
export async function signUp(target: Target, email?: string): Promise<SignedIn> {
  return await SignedIn.signUp(await issuerOf(target), email);
}

/** A user of the issuer who may administer it. */
export async function administrator(target: Target): Promise<SignedIn> {
  const user = await signUp(target);
  await operatorDoes(target, "promote")(user.userId);
  // The session that there is may still be believed to be anybody's.
  return await user.again();
}

/** The list of tasks of a user, asked for with a token. */
export async function listed(target: Target, userId: string, token: string) {
  const run = new Run(target, {});
  return await run.ask({
    path: `/api/${userId}/tasks`,
    authorization: `Bearer ${token}`,
    expect: { status: [200, 401] },
  });
}

/** Fails unless the token opens the user's list. */
export async function mustBeGood(
  target: Target,
  userId: string,
  token: string,
  what = "a token",
): Promise<void> {
  const { status, text } = await listed(target, userId, token);
  must(status === 200, `${what} is answered ${status}: ${text.slice(0, 160)}`);
}

/** Waits until the token is refused as revoked; fails when that takes longer than the bound. */
export async function mustSoonBeRevoked(
  target: Target,
  userId: string,
  token: string,
  what = "the token",
): Promise<void> {
  const since = performance.now();
  for (;;) {
    const answer = await listed(target, userId, token);
    if (answer.status === 401) {
      const { code } = answer.json() as { code: string };
      must(code === "revoked", `${what} is refused as ${code}`);
      return;
    }
    must(performance.now() - since < bound, `${what} is still good after ${bound} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
