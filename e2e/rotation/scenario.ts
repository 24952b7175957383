import { randomBytes } from "node:crypto";
import { Issuer, type IssuerOptions, issuerAudience } from "../support/issuer.ts";
import { type ClockSettings, scaledClock } from "../support/scaled-clock.ts";
import { removeFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { Load, type LoadReport } from "./load.ts";
import { type RunningVerifier, startVerifiers, type VerifierSettings } from "./verifier.ts";

/** What a scenario plays with. */
export interface Stage {
  readonly load: Load;
  readonly verifiers: readonly RunningVerifier[];
  readonly clock: ClockSettings;
  issuer(): Issuer;
  /** Ends the issuer and starts it again with changes. */
  changeIssuer(changes: Partial<IssuerOptions>): Promise<void>;
}

export interface StageOptions {
  readonly issuer: Omit<IssuerOptions, "database" | "clock">;
  readonly verifiers: (issuer: Issuer) => Omit<VerifierSettings, "clock" | "issuer" | "audience">;
  /** How much faster than real time the clocks of issuer and verifiers run. */
  readonly factor: number;
  /** How many times as long as the short form it is. */
  readonly pace: number;
}

/** A load says little about what happens in a moment only. */
const shortestSeconds = 31;

/** A clock that runs ten times as fast, and what verifiers of it wait for in real time: an issuer holds their requests by that. */
export const tenfold = { factor: 10, feed: { staleAfterSeconds: 600, refuseAfterSeconds: 3000 } } as const;

export function freshSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Sets an issuer and four verifiers up, lets the load run while the play changes them, and clears all away. */
export async function playUnderLoad(
  { issuer: options, verifiers: settingsFor, factor, pace }: StageOptions,
  play: (stage: Stage) => Promise<void>,
): Promise<LoadReport> {
  const folder = temporaryFolder("rotation");
  const clock: ClockSettings = { start: Math.floor(Date.now() / 1000), factor };
  const clocked = factor === 1 ? {} : { clock };
  let issuer = await Issuer.start({ ...options, ...clocked, database: `${folder}/auth.sqlite` });
  let verifiers: RunningVerifier[] = [];
  try {
    verifiers = await startVerifiers({
      ...settingsFor(issuer),
      clock,
      issuer: issuer.address,
      audience: issuerAudience,
    });
    const load = new Load({ issuer: () => issuer, verifiers, clock: scaledClock(clock) });
    load.start();
    await play({
      load,
      verifiers,
      clock,
      issuer: () => issuer,
      async changeIssuer(changes) {
        const address = issuer.address;
        issuer = await issuer.restart({ ...changes, address });
      },
    });
    await load.fill(shortestSeconds * pace);
    return await load.stop();
  } finally {
    await Promise.all([issuer, ...verifiers].map((one) => one.stop()));
    removeFolder(folder);
  }
}
