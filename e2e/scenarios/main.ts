// Holds a running service against the contract: `npm run contract -- --url http://localhost:8000`.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { derivedKey } from "../support/token.ts";
import { proveAll, type Result } from "./list.ts";
import { GivenTokens, Minter, type TokenSource } from "./people.ts";

const usage = `Usage: npm run contract -- --url ORIGIN [--issuer ORIGIN] [--audience ORIGIN] [--tokens FILE]
         [--page ORIGIN] [--auth URL] [--log FILE] [WORD …]

  --url       where the service answers, such as http://localhost:8000
  --issuer    what its tokens are issued by (default: BETTER_AUTH_URL, or http://localhost:3000)
  --audience  whom its tokens are for (default: API_AUDIENCE, or the url)
  --tokens    JSON of users with a token each: {"ann": {"id": "…", "token": "…"}, "ben": …}, where there is no key
  --page      an origin whose pages may call the service (default: the issuer)
  --auth      where the issuer's endpoints are, such as http://localhost:3000/api/auth, to sign users up and out there
  --log       what the service writes, to be searched for secrets
  WORD        only lines of the list that hold one of the words, such as ISO-0 or posts

Tokens are made with WATCHWORD_KEY, or with the key derived from BETTER_AUTH_SECRET. Rows are written and removed under
users of the run's own. The service should allow many failed credentials a minute (AUTH_FAILURES_PER_MINUTE), or the run waits.`;

function options() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: "string" },
      issuer: { type: "string" },
      audience: { type: "string" },
      tokens: { type: "string" },
      page: { type: "string" },
      auth: { type: "string" },
      log: { type: "string" },
    },
  });
  if (values.url === undefined) throw new Error(usage);
  const { origin } = new URL(values.url);
  const issuer = values.issuer ?? process.env["BETTER_AUTH_URL"] ?? "http://localhost:3000";
  return {
    origin,
    issuer,
    page: values.page ?? issuer,
    auth: values.auth,
    audience: values.audience ?? process.env["API_AUDIENCE"] ?? origin,
    tokens: values.tokens,
    log: values.log,
    words: positionals,
  };
}

function tokensOf({ issuer, audience, tokens }: ReturnType<typeof options>): TokenSource {
  if (tokens !== undefined)
    return new GivenTokens(
      JSON.parse(readFileSync(tokens, "utf8")) as ConstructorParameters<typeof GivenTokens>[0],
    );
  const { WATCHWORD_KEY: key, BETTER_AUTH_SECRET: secret } = process.env;
  if (key) return new Minter(issuer, audience, key);
  if (secret) return new Minter(issuer, audience, derivedKey({ secret, audience }));
  throw new Error(
    "Set WATCHWORD_KEY or BETTER_AUTH_SECRET to what the service verifies with, or give --tokens.",
  );
}

const marks = { passed: "✓", failed: "✗", "not applying": "–" } as const;

function line({ id, name, outcome, because }: Result): string {
  return `${marks[outcome]} ${id}  ${name}${because === undefined ? "" : `: ${because}`}`;
}

try {
  const chosen = options();
  const { log, auth, page } = chosen;
  const target = {
    origin: chosen.origin,
    tokens: tokensOf(chosen),
    operator: {
      listedOrigin: page,
      secrets: [],
      ...(log !== undefined && { log: () => readFileSync(log, "utf8") }),
      ...(auth !== undefined && { issuer: async () => auth }),
    },
  };
  const results = await proveAll(target, chosen.words, (result) => console.log(line(result)));
  const failed = results.filter(({ outcome }) => outcome === "failed").length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && results.length > 0 ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
