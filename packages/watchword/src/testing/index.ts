export { FakeIssuer, type FakeIssuerOptions, type IssuedToken, type IssuerAlgorithm } from "./fake-issuer.ts";
export { type AdjustableClock, fixedClock } from "./fixed-clock.ts";
export { type MintOptions, mintToken } from "./mint-token.ts";
