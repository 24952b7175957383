/** How the API verified a token, as its answer tells it. */
export interface Verification {
  /** `warm`: the very token was remembered; `cold`: the whole recipe was followed. */
  readonly recognition: "warm" | "cold";
  readonly microseconds: number;
  /** Which of the two backends it was. */
  readonly backend: string | undefined;
}

const names: Readonly<Record<string, string>> = { hono: "Hono", fastapi: "FastAPI" };

/** Reads the `Server-Timing` of an answer (contract, HTTP rule 10); `undefined` where the API does not show it. */
export function verificationIn(serverTiming: string | null): Verification | undefined {
  const [, recognition, milliseconds] =
    /\bverify;desc="(warm|cold)";dur=(\d+(?:\.\d+)?)/.exec(serverTiming ?? "") ?? [];
  if (recognition !== "warm" && recognition !== "cold") return undefined;
  const [, backend = ""] = /\bbackend;desc="([a-z]+)"/.exec(serverTiming ?? "") ?? [];
  return { recognition, microseconds: Math.round(Number(milliseconds) * 1000), backend: names[backend] };
}
