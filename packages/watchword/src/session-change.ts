/**
 * Under this name `watchwordClient()` puts, on the store of Better Auth's client, a function that takes listeners: they are
 * called as soon as a request has changed the session. Better Auth's own signal follows 10 ms after the answer.
 */
export const sessionChange = "onSessionChange";

/** Takes a listener that is called whenever the session may have changed. */
export type ListenToSession = (listener: () => void) => void;
