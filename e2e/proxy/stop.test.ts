import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mount } from "../support/application.ts";
import { chosenBackends } from "../support/backend.ts";
import { ProxyStage, until } from "./stage.ts";

describe.each(chosenBackends().slice(0, 1))("a web application before %s that is told to stop", (api) => {
  let stage: ProxyStage;
  beforeAll(async () => {
    stage = await ProxyStage.start({ api });
  });
  afterAll(async () => await stage?.stop());

  it("ends at once, although a page follows its changes through the proxy, and that stream ends at the API too", async () => {
    const ada = await stage.signUp("Ada");
    const answer = await fetch(`${stage.web}${mount}/api/${ada.userId}/tasks/events`, {
      headers: { Cookie: ada.cookie, "X-Watchword": "1" },
    });
    expect(answer.status).toBe(200);
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    expect((await reader.read()).done).toBe(false);
    const begin = performance.now();
    await stage.application.stopWeb();
    expect(performance.now() - begin).toBeLessThan(5000);
    await expect(reader.read()).rejects.toThrow();
    await until(() => stage.wire.passed.every(({ ended }) => ended));
  });

  it("ends soon, although a browser holds a connection that it has never used", async () => {
    await stage.application.restart();
    const { port } = new URL(stage.web);
    const unused = connect(Number(port), "127.0.0.1");
    await once(unused, "connect");
    const closed = once(unused, "close");
    const begin = performance.now();
    await stage.application.stopWeb();
    expect(performance.now() - begin).toBeLessThan(8000);
    await closed;
  });
});
