import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { ApiCaller } from "../support/api-caller.ts";
import { describeBackends } from "../support/suite.ts";

const contract = new URL("../../contract/", import.meta.url);

describeBackends("the service tells what it is and how it is", (api: ApiCaller) => {
  it("GET /health says ok", async () => {
    const answer = await api.ask("GET", "/health");
    expect({ status: answer.status, body: answer.text }).toEqual({ status: 200, body: '{"status":"ok"}' });
  });

  it("GET /ready says ready", async () => {
    const answer = await api.ask("GET", "/ready");
    expect({ status: answer.status, body: answer.text }).toEqual({
      status: 200,
      body: '{"status":"ready","revocation":"none"}',
    });
  });

  it("a credential makes no difference to them, not even a bad one", async () => {
    for (const path of ["/health", "/ready", "/openapi.json", "/docs"])
      for (const token of [api.user().token, "x.y.z"])
        expect((await api.ask("GET", path, { token })).status).toBe(200);
  });

  it("GET /openapi.json is the contract's document", async () => {
    const answer = await api.ask("GET", "/openapi.json");
    expect(answer.header("content-type")).toBe("application/json");
    expect(answer.json()).toEqual(JSON.parse(readFileSync(new URL("openapi.json", contract), "utf8")));
  });

  it("GET /docs is the contract's page and needs nothing from elsewhere", async () => {
    const answer = await api.ask("GET", "/docs");
    expect(answer.header("content-type")).toMatch(/^text\/html; ?charset=utf-8$/i);
    expect(answer.text).toBe(readFileSync(new URL("docs.html", contract), "utf8"));
    expect(answer.text).not.toMatch(/(?:src|href)="?(?:https?:)?\/\//);
  });
});
