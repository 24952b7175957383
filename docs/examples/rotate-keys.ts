import { auth } from "./issuer-keys.ts";

/** The next key is published now and signs after the overlap. */
export const rotateNow = () => auth.api.rotateSigningKey({ body: {} });

/** A key is known to somebody else: the new one signs at once, and every other is out of use. */
export const replaceNow = () => auth.api.rotateSigningKey({ body: { compromised: true } });
