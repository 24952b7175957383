import { httpDefaults } from "../../support/contract.ts";
import { type Answer, exchange, type HeaderLines } from "../../support/raw-request.ts";
import { Run, type Target } from "../run.ts";
import type { Ask } from "../scenario.ts";
import { must, operatorDoes } from "./need.ts";

/** An origin whose pages may call the service: the operator's word, or the issuer's own. */
function listed(target: Target): string {
  return target.operator?.listedOrigin ?? target.tokens.variables["issuer"] ?? "";
}

/** Origins that are like the listed one and are none. */
function foreign(origin: string): readonly string[] {
  const { protocol, hostname, port, host } = new URL(origin);
  return [
    "https://evil.test",
    "null",
    `${origin}.evil.test`,
    `${protocol}//${hostname.replaceAll(".", "")}x`,
    `${protocol}//${hostname}:8443`,
    `${protocol === "https:" ? "http" : "https"}://${host}`,
    `${protocol}//sub.${host}`,
    `${protocol}//${hostname.toUpperCase()}${port === "" ? "" : `:${port}`}`,
    "file://",
    `${origin}%60.evil.test`,
    `${protocol}//${hostname.replaceAll(".", "_")}_${port === "" ? "" : `:${port}`}`,
    `${origin}/`,
    `${origin}, https://evil.test`,
    "*",
  ];
}

const asking = [
  ["Access-Control-Request-Method", "PATCH"],
  ["Access-Control-Request-Headers", "authorization,content-type"],
] as const;

async function preflight(target: Target, origin: string, more: HeaderLines = []): Promise<Answer> {
  const headers = [["Origin", origin] as const, ...asking, ...more];
  return await exchange(target.origin, { method: "OPTIONS", target: "/api/somebody/tasks/1", headers });
}

function granted(answer: Answer): string {
  return [
    ...answer.all("access-control-allow-origin"),
    ...answer.all("access-control-allow-credentials"),
  ].join(" ");
}

/** Requests that are answered 200, 401, 403, 404 and 422. */
async function everyKind(run: Run, headers: Readonly<Record<string, string>>): Promise<readonly Answer[]> {
  run.person("ben");
  const asks: readonly Ask[] = [
    { who: "ann", path: "/api/{{ann.id}}/tasks", expect: { status: 200 } },
    { path: "/api/{{ann.id}}/tasks", expect: { code: "missing" } },
    { who: "ann", path: "/api/{{ben.id}}/tasks", expect: { code: "wrong_subject" } },
    { who: "ann", path: "/api/{{ann.id}}/tasks/999999999", expect: { code: "not_found" } },
    { who: "ann", path: "/api/{{ann.id}}/tasks?limit=x", expect: { code: "validation_failed" } },
    { who: "ann", method: "DELETE", path: "/api/{{ann.id}}/tasks", expect: { code: "method_not_allowed" } },
    {
      who: "ann",
      method: "POST",
      path: "/api/{{ann.id}}/tasks",
      body: "x",
      expect: { code: "unsupported_media_type" },
    },
  ];
  const answers: Answer[] = [];
  for (const ask of asks) answers.push(await run.ask({ ...ask, headers }));
  return answers;
}

export async function preflightIsGranted(target: Target): Promise<void> {
  const origin = listed(target);
  const answer = await preflight(target, origin);
  must(answer.status === 204, `the preflight is answered ${answer.status}`);
  for (const [name, wanted] of [
    ["access-control-allow-origin", origin],
    ["access-control-allow-credentials", "true"],
    ["access-control-allow-methods", httpDefaults.cors_methods.value.join(", ")],
    ["access-control-allow-headers", httpDefaults.cors_request_headers.value.join(", ")],
    ["access-control-max-age", String(httpDefaults.cors_max_age_seconds.value)],
    ["vary", "Origin"],
  ] as const)
    must(answer.header(name) === wanted, `${name} is ${answer.header(name)}, not ${wanted}`);
}

export async function foreignOriginsAreRefused(target: Target): Promise<void> {
  for (const origin of foreign(listed(target))) {
    const asked = await preflight(target, origin);
    must(granted(asked) === "", `a preflight from ${origin} is granted ${granted(asked)}`);
    for (const answer of await everyKind(new Run(target, {}), { Origin: origin }))
      must(granted(answer) === "", `a ${answer.status} to ${origin} grants ${granted(answer)}`);
  }
}

export async function noWildcardWithCredentials(target: Target): Promise<void> {
  const origin = listed(target);
  for (const answer of [
    await preflight(target, origin),
    ...(await everyKind(new Run(target, {}), { Origin: origin })),
  ]) {
    must(granted(answer) === `${origin} true`, `a ${answer.status} grants ${granted(answer) || "nothing"}`);
    for (const name of ["methods", "headers"])
      must(answer.header(`access-control-allow-${name}`) !== "*", `all ${name} are granted`);
  }
}

export async function refusalsAreReadable(target: Target): Promise<void> {
  const origin = listed(target);
  const readable = (answer: Answer) => {
    must(granted(answer) === `${origin} true`, `a ${answer.status} grants ${granted(answer) || "nothing"}`);
    must(answer.header("vary") === "Origin", `a ${answer.status} does not vary by origin`);
  };
  for (const answer of await everyKind(new Run(target, {}), { Origin: origin })) readable(answer);
  const damaged = { ...target, origin: await operatorDoes(target, "damaged")() };
  const ann = new Run(damaged, {}).person("ann");
  const failed = await exchange(damaged.origin, {
    method: "GET",
    target: `/api/${ann.id}/tasks`,
    headers: [
      ["Origin", origin],
      ["Authorization", `Bearer ${ann.token}`],
    ],
  });
  must(failed.status === 500, `a service that fails inside answers ${failed.status}`);
  readable(failed);
}

export async function challengeIsExposed(target: Target): Promise<void> {
  const origin = listed(target);
  for (const answer of await everyKind(new Run(target, {}), { Origin: origin })) {
    const exposed = (answer.header("access-control-expose-headers") ?? "").split(", ");
    must(exposed.includes("WWW-Authenticate"), `a ${answer.status} does not expose WWW-Authenticate`);
  }
  for (const answer of await everyKind(new Run(target, {}), { Origin: "https://evil.test" }))
    must(answer.all("access-control-expose-headers").length === 0, "headers are exposed to a foreign page");
}

export async function nothingElseIsGranted(target: Target): Promise<void> {
  const headers = [["Access-Control-Request-Private-Network", "true"]] as const;
  const answers = [
    await preflight(target, listed(target), headers),
    ...(await everyKind(new Run(target, {}), { Origin: listed(target) })),
  ];
  for (const answer of answers)
    for (const name of ["access-control-allow-private-network", "timing-allow-origin"])
      must(answer.all(name).length === 0, `${name} is granted`);
}

export async function simpleWritesAreRefused(target: Target): Promise<void> {
  const run = new Run(target, {});
  run.person("ann");
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    undefined,
  ])
    for (const who of ["ann", null])
      await run.ask({
        who,
        method: "POST",
        path: "/api/{{ann.id}}/tasks",
        headers: {
          Origin: "https://evil.test",
          Cookie: "better-auth.session_token={{ann.token}}",
          ...(type === undefined ? {} : { "Content-Type": type }),
        },
        body: '{"title":"x"}',
        expect: { code: who === null ? "missing" : "unsupported_media_type" },
      });
  await run.ask({ who: "ann", path: "/api/{{ann.id}}/tasks", expect: { status: 200, has: { total: 0 } } });
}
