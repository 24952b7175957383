export { type AdjustableClock, fixedClock } from "./fixed-clock.ts";
export { type MintOptions, mintToken } from "./mint-token.ts";
