import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthFetch, fetchToken } from "watchword/client";
import { mount } from "../support/application.ts";
import { chosenBackends } from "../support/backend.ts";
import { jwtLike } from "../support/jwt-like.ts";
import { logLines } from "../support/log-lines.ts";
import type { Answer, HeaderLines } from "../support/raw-request.ts";
import { ProxyStage, type SignedIn, until } from "./stage.ts";

describe.each(chosenBackends())("pages rendered on the server, with %s", (api) => {
  describe.each(["proxy", "direct"] as const)("in mode %s", (mode) => {
    let stage: ProxyStage;
    let ada: SignedIn;
    beforeAll(async () => {
      stage = await ProxyStage.start({ api, mode });
      ada = await stage.signUp("Ada");
      // The wire is between the application's server and the API in both modes; tasks are made where the mode allows it.
      if (mode === "proxy") await stage.addTask(ada, "Rendered by the server");
    });
    afterAll(async () => await stage?.stop());
    /** The payload of a navigation has an address of its own, for caches that do not look at headers. */
    const page = (path: string, rsc: boolean, person = ada) =>
      stage.send("GET", rsc ? `${path}?_rsc=` : path, [
        ["Cookie", person.cookie],
        ...(rsc ? ([["RSC", "1"]] as const) : []),
      ]);

    it("hold the user's tasks, asked for with the user's token, and no trace of the token", async () => {
      const from = stage.wire.passed.length;
      for (const rsc of [false, true]) {
        const answer = await page("/tasks", rsc);
        expect(answer.status).toBe(200);
        if (mode === "proxy") expect(answer.text).toContain("Rendered by the server");
        expect(answer.text).not.toMatch(jwtLike);
        for (const token of stage.wire.tokens) {
          for (const part of token.split(".")) expect(answer.text).not.toContain(part);
          expect(answer.headers.join("\n")).not.toContain(token);
        }
      }
      const asked = stage.wire.passed.slice(from);
      expect(asked.map(({ method, target }) => `${method} ${target.split("?")[0]}`)).toEqual([
        `GET /api/${ada.userId}/tasks`,
        `GET /api/${ada.userId}/tasks`,
      ]);
      for (const { headers } of asked) {
        expect(headers.filter(([name]) => name === "authorization")).toHaveLength(1);
        expect(headers.filter(([name]) => name === "cookie")).toEqual([]);
      }
    });

    it("add a task by a form without script, with the token that the pages have, and no trace of it", async () => {
      const from = stage.wire.passed.length;
      const answer = await sendForm(stage, ada, { title: "Added by the server" });
      expect([answer.status, answer.header("location")]).toEqual([303, "/tasks"]);
      expect(`${answer.headers.join("\n")}\n${answer.text}`).not.toMatch(jwtLike);
      const written = stage.wire.passed.slice(from).filter(({ method }) => method === "POST");
      expect(written.map(({ target }) => target)).toEqual([`/api/${ada.userId}/tasks`]);
      const credentials = stage.wire.passed
        .filter(({ target }) => target.startsWith(`/api/${ada.userId}/`))
        .flatMap(({ headers }) => headers.filter(([name]) => name === "authorization"));
      expect(new Set(credentials.map(([, value]) => value)).size).toBe(1);
      expect(written[0]?.headers.filter(([name]) => name === "cookie")).toEqual([]);
      expect((await page("/tasks", false)).text).toContain("Added by the server");
    });

    it("write nothing for a foreign page, for a page of another user, and for who has signed out", async () => {
      const eve = await stage.signUp("Eve");
      const gone = await stage.signIn(ada);
      const form = await plainForm(stage, ada);
      await stage.auth("/sign-out", {}, [["Cookie", gone.cookie]]);
      const from = stage.wire.passed.length;
      const sent = async (person: SignedIn, origin: string) => {
        const answer = await sendForm(stage, person, { title: "Never written" }, origin, form);
        return [answer.status, answer.header("location")?.split("?")[0]];
      };
      for (const origin of ["https://evil.test", "http://sibling.localhost", "null"])
        expect([origin, ...(await sent(ada, origin))]).toEqual([origin, 500, undefined]);
      expect(await sent(eve, stage.issuer)).toEqual([303, "/login"]);
      expect(await sent(gone, stage.issuer)).toEqual([303, "/login"]);
      expect(await sent({ ...ada, cookie: "nothing=here" }, stage.issuer)).toEqual([303, "/login"]);
      expect(stage.wire.passed.slice(from).filter(({ method }) => method === "POST")).toEqual([]);
    });

    it("take one token per session, however often and by how many they are asked for at once", async () => {
      const bob = await stage.signUp("Bob");
      const from = stage.wire.passed.length;
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => page("/tasks", index % 2 === 0, index < 5 ? ada : bob)),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const tokens = new Map<string, Set<string>>();
      for (const { target, headers } of stage.wire.passed.slice(from)) {
        const owner = target.split("/")[2] ?? "";
        const token = headers.find(([name]) => name === "authorization")?.[1] ?? "";
        tokens.set(owner, (tokens.get(owner) ?? new Set()).add(token));
      }
      expect([...tokens.keys()].sort()).toEqual([ada.userId, bob.userId].sort());
      for (const own of tokens.values()) expect(own.size).toBe(1);
    });

    it("hold no JWT on any page, as HTML or as the payload of a navigation", async () => {
      for (const path of [
        "/tasks",
        "/chat",
        "/posts",
        "/account",
        "/under-the-hood",
        "/admin",
        "/",
        "/login",
      ])
        for (const rsc of [false, true]) {
          const answer = await page(path, rsc);
          expect(answer.status, path).toBeLessThan(500);
          expect(`${answer.headers.join("\n")}\n${answer.text}`, `${path} ${rsc}`).not.toMatch(jwtLike);
        }
    });

    it("hold the public posts for a visitor, asked for without any token", async () => {
      const title = "Read by everyone";
      if (mode === "proxy") {
        const body = JSON.stringify({ title, body: "For all", is_private: false });
        expect((await stage.ask(ada, "POST", "/api/v1/posts", { body })).status).toBe(201);
      }
      const from = stage.wire.passed.length;
      const id = `request-of-a-visitor-${mode}`;
      const { text } = await stage.send("GET", "/posts", [["X-Request-Id", id]]);
      if (mode === "proxy") expect(text).toContain(title);
      const [asked, ...more] = stage.wire.passed.slice(from);
      expect([asked?.target.split("?")[0], more.length]).toEqual(["/api/v1/posts", 0]);
      expect(asked?.headers.map(([name]) => name)).not.toContain("authorization");
      await toldOf(id, ["-api .http.request", "-web .api.called"]);
    });

    it("are shown without the API, which then has only to be asked again", async () => {
      stage.wire.answering = (request) => request.socket.destroy();
      const answer = await page("/tasks", false);
      stage.wire.answering = undefined;
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain("Rendered by the server");
      expect(answer.text).toContain("New task");
    });

    /** Which service tells which events of a request, once all of these are there. */
    async function toldOf(id: string, expected: readonly string[]) {
      const told = () =>
        logLines(stage.application.output)
          .filter((line) => line["http.request.id"] === id)
          .map((line) => `${line["service.name"]} ${line["event.name"]}`.replaceAll("watchword", ""))
          .sort();
      await until(() => told().length >= expected.length);
      expect(told()).toEqual(expected);
    }

    it("have one request id in the lines of the application's server and of the API", async () => {
      const dan = await stage.signUp("Dan");
      const id = `request-of-a-page-${mode}`;
      const answer = await stage.send("GET", "/tasks", [
        ["Cookie", dan.cookie],
        ["X-Request-Id", id],
      ]);
      expect(answer.status).toBe(200);
      await toldOf(id, ["-api .http.request", "-web .api.called", "-web .token.issued"]);
    });

    it("are joined by what a script asks for, which has one request id of its own everywhere", async () => {
      const eve = await stage.signUp("Eve");
      const path = `/api/${eve.userId}/tasks`;
      if (mode === "proxy") {
        const given = { headers: [["X-Request-Id", "request-of-a-script"]] as const };
        const answer = await stage.ask(eve, "GET", path, given);
        expect([answer.status, answer.all("x-request-id")]).toEqual([200, ["request-of-a-script"]]);
        const events = ["-api .http.request", "-web .proxy.forwarded", "-web .token.issued"];
        await toldOf("request-of-a-script", events);
        const made = (await stage.ask(eve, "GET", path)).header("x-request-id") ?? "none";
        await toldOf(made, ["-api .http.request", "-web .proxy.forwarded"]);
        const refused = (await stage.send("GET", `${mount}${path}`)).header("x-request-id") ?? "none";
        await toldOf(refused, ["-web .proxy.refused"]);
        return;
      }
      const { apiOrigin } = stage.application;
      const asEve: typeof globalThis.fetch = (input, init) =>
        fetch(input, {
          ...init,
          headers: { ...Object.fromEntries(new Headers(init?.headers)), cookie: eve.cookie },
        });
      const getToken = fetchToken(`${stage.web}/api/auth/token`, { fetch: asEve });
      const authFetch = createAuthFetch({ apiOrigin, getToken, requestIds: true });
      const id = (await authFetch(`${apiOrigin}${path}`)).headers.get("x-request-id") ?? "none";
      await toldOf(id, ["-api .http.request", "-web .token.issued"]);
      const next = (await authFetch(`${apiOrigin}${path}`)).headers.get("x-request-id") ?? "none";
      await toldOf(next, ["-api .http.request"]);
    });

    it("leave a line with the request's id for a sign-in and one for a sign-out", async () => {
      const fay = await stage.signUp("Fay");
      const id: [string, string] = ["X-Request-Id", `request-of-fay-${mode}`];
      const again = await stage.signIn(fay, [id]);
      const out = await stage.auth("/sign-out", {}, [["Cookie", again.cookie], id]);
      expect([out.status, out.header("x-request-id")]).toEqual([200, id[1]]);
      await toldOf(id[1], ["-web .session.ended", "-web .session.started"]);
    });

    it("ask the API nothing for who has signed out, or was never there", async () => {
      const cid = await stage.signUp("Cid");
      await stage.auth("/sign-out", {}, [["Cookie", cid.cookie]]);
      const from = stage.wire.passed.length;
      await page("/tasks", false, cid);
      await page("/tasks", true, { ...cid, cookie: "better-auth.session_token=forged.signature" });
      expect(stage.wire.passed).toHaveLength(from);
    });
  });
});

type Fields = readonly (readonly [name: string, value: string])[];

/** The hidden fields of the form that the page of the tasks holds for browsers without script. */
async function plainForm(stage: ProxyStage, { cookie }: SignedIn): Promise<Fields> {
  const { text } = await stage.send("GET", "/tasks", [["Cookie", cookie]]);
  const form = /<noscript><form[\s\S]*?<\/form>/.exec(text)?.[0] ?? "";
  const hidden = form.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g);
  return [...hidden].map(([, name = "", value = ""]) => [name, value.replaceAll("&quot;", '"')] as const);
}

/** Sends that form as a browser does. */
async function sendForm(
  stage: ProxyStage,
  person: SignedIn,
  { title }: { title: string },
  origin = stage.issuer,
  form?: Fields,
): Promise<Answer> {
  const fields = [...(form ?? (await plainForm(stage, person))), ["title", title]] as const;
  const boundary = "----a-form-of-this-test";
  const parts = fields.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const headers: HeaderLines = [
    ["Cookie", person.cookie],
    ["Origin", origin],
    ["Content-Type", `multipart/form-data; boundary=${boundary}`],
  ];
  return await stage.send("POST", "/tasks", headers, `${parts.join("")}--${boundary}--\r\n`);
}
