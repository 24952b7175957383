import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mintToken } from "countersign/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { withExamples } from "../readme.mjs";
import { fromRoot } from "../workspace/folders.mjs";
import { python } from "../workspace/python-tools.mjs";

const settings = {
  BETTER_AUTH_SECRET: "Tq7mZ2vX9kLr4Nw8Ps1Yc6Hd3Fg5Jb0e",
  BETTER_AUTH_URL: "http://localhost:3000",
  API_AUDIENCE: "http://localhost:8000",
};

const token = (sub) =>
  mintToken({
    secret: settings.BETTER_AUTH_SECRET,
    iss: settings.BETTER_AUTH_URL,
    aud: settings.API_AUDIENCE,
    sub,
  });

describe("README.md", () => {
  it("shows the examples as they are in their files", () => {
    const text = readFileSync(fromRoot("README.md"), "utf8");
    expect(text.match(/<!-- example: /g)).toHaveLength(4);
    expect(withExamples(text)).toBe(text);
  });

  it("names no file that is not there", () => {
    const text = readFileSync(fromRoot("README.md"), "utf8");
    const paths = [...text.matchAll(/(?:\]\(|src(?:set)?=")((?!https?:)[^)"#]+)/g)].map((match) => match[1]);
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths) expect(() => readFileSync(fromRoot(path)), path).not.toThrow();
  });
});

describe("docs/examples/hono.ts", () => {
  let app;
  beforeAll(async () => {
    Object.assign(process.env, settings);
    ({ app } = await import("../../docs/examples/hono.ts"));
  });

  it.each([
    ["no token", undefined, 401],
    ["another user's token", "bob", 403],
    ["the user's own token", "ada", 200],
  ])("answers %s as promised", async (_name, sub, status) => {
    const headers = sub ? { authorization: `Bearer ${token(sub)}` } : {};
    const response = await app.request("/api/ada/tasks", { headers });
    expect(response.status).toBe(status);
    if (status === 200) expect(await response.json()).toEqual({ owner: "ada" });
  });
});

describe("docs/examples/fastapi_app.py", () => {
  it("answers no token, another user's token and the user's own token as promised", () => {
    const program = `
import os, sys
sys.path.insert(0, sys.argv[1])
from fastapi.testclient import TestClient
from fastapi_app import app
client = TestClient(app)
for name in ("NONE", "FOREIGN", "OWN"):
    headers = {"Authorization": "Bearer " + os.environ[name]} if name in os.environ else {}
    answer = client.get("/api/ada/tasks", headers=headers)
    print(answer.status_code, answer.json().get("owner"))
`;
    const env = { PATH: process.env.PATH, ...settings, FOREIGN: token("bob"), OWN: token("ada") };
    const args = ["-W", "ignore", "-B", "-c", program, fromRoot("docs", "examples")];
    const output = execFileSync(python, args, { env });
    expect(output.toString().trim().split(/\r?\n/)).toEqual(["401 None", "403 None", "200 ada"]);
  });
});
