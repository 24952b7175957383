import { beforeEach, expect, it } from "vitest";
import { type ApiCaller, type Task, taskOf, tasksOf, type User } from "../support/api-caller.ts";
import { expectFaults, expectRefusal } from "../support/conformance.ts";
import { describeBackends } from "../support/suite.ts";

describeBackends("each member is judged, and every fault is listed", (api: ApiCaller) => {
  let ann: User;
  let task: Task;
  const json = [["Content-Type", "application/json"]] as const;
  const post = (body: string) => api.ask("POST", tasksOf(ann), { token: ann.token, headers: json, body });

  beforeEach(async () => {
    ann = api.user();
    task = await api.addTask(ann);
  });

  const nothingWritten = async () => {
    expect((await api.listTasks(ann)).items).toEqual([task]);
  };

  it("members are 422 with the body's own pointer when the body is no object", async () => {
    for (const body of ["null", "[]", '"text"', "7", "true", "[{}]"]) {
      expectFaults(await post(body), "body  invalid_type");
      for (const rest of ["", "/complete"]) {
        const answer = await api.ask("PATCH", `${taskOf(ann, task.id)}${rest}`, {
          token: ann.token,
          headers: json,
          body,
        });
        expectFaults(answer, "body  invalid_type");
      }
    }
    await nothingWritten();
  });

  const long = "x".repeat(201);
  const faults: readonly (readonly [members: string, ...faults: string[]])[] = [
    ["{}", "body /title required"],
    ['{"title":null}', "body /title invalid_type"],
    ['{"title":7}', "body /title invalid_type"],
    ['{"title":true}', "body /title invalid_type"],
    ['{"title":["x"]}', "body /title invalid_type"],
    ['{"title":{}}', "body /title invalid_type"],
    ['{"title":""}', "body /title too_short"],
    ['{"title":" \\t\\n\\r"}', "body /title blank"],
    [`{"title":"${" ".repeat(201)}"}`, "body /title too_long"],
    [`{"title":"${long}"}`, "body /title too_long"],
    [`{"title":"${"\u{1f600}".repeat(201)}"}`, "body /title too_long"],
    ['{"title":"a\\u0000b"}', "body /title invalid_text"],
    ['{"title":"\\ud800"}', "body /title invalid_text"],
    ['{"title":"\\udc00\\ud800"}', "body /title invalid_text"],
    [`{"title":"${long}\\u0000"}`, "body /title invalid_text"],
    ['{"title":"x","description":7}', "body /description invalid_type"],
    ['{"title":"x","description":{}}', "body /description invalid_type"],
    [`{"title":"x","description":"${"d".repeat(2001)}"}`, "body /description too_long"],
    ['{"title":"x","description":"\\u0000"}', "body /description invalid_text"],
    ['{"title":"x","description":"\\udfff"}', "body /description invalid_text"],
    ['{"title":"x","completed":null}', "body /completed invalid_type"],
    ['{"title":"x","completed":1}', "body /completed invalid_type"],
    ['{"title":"x","completed":0}', "body /completed invalid_type"],
    ['{"title":"x","completed":"true"}', "body /completed invalid_type"],
    ['{"title":"x","completed":[]}', "body /completed invalid_type"],
    [
      '{"completed":"x","description":7,"title":null}',
      "body /title invalid_type",
      "body /description invalid_type",
      "body /completed invalid_type",
    ],
    ['{"Title":"x"}', "body /title required"],
    ['{"title ":"x"}', "body /title required"],
  ];
  it.each(faults)("a new task %s is 422", async (body, ...expected) => {
    expectFaults(await post(body), ...expected);
    await nothingWritten();
  });

  const replaceFaults: readonly (readonly [json: object, ...faults: string[]])[] = [
    [{}, "body /title required", "body /description required", "body /completed required"],
    [{ title: "x" }, "body /description required", "body /completed required"],
    [{ title: "x", description: null }, "body /completed required"],
    [{ description: null, completed: true }, "body /title required"],
    [
      { title: "", description: 1, completed: null },
      "body /title too_short",
      "body /description invalid_type",
      "body /completed invalid_type",
    ],
  ];
  for (const [json, ...expected] of replaceFaults)
    it(`PUT ${JSON.stringify(json)} is 422 and changes nothing`, async () => {
      expectFaults(await api.ask("PUT", taskOf(ann, task.id), { token: ann.token, json }), ...expected);
      await nothingWritten();
    });

  const updateFaults: readonly (readonly [json: object, ...faults: string[]])[] = [
    [{ title: null }, "body /title invalid_type"],
    [{ title: "" }, "body /title too_short"],
    [{ title: "  " }, "body /title blank"],
    [{ title: "good", completed: "no" }, "body /completed invalid_type"],
    [{ completed: null }, "body /completed invalid_type"],
    [{ description: 1, completed: 1 }, "body /description invalid_type", "body /completed invalid_type"],
  ];
  for (const [json, ...expected] of updateFaults)
    it(`PATCH ${JSON.stringify(json)} is 422 and changes nothing, not even its good members`, async () => {
      expectFaults(await api.ask("PATCH", taskOf(ann, task.id), { token: ann.token, json }), ...expected);
      await nothingWritten();
    });

  it("complete with a faulty member is 422, with an unreadable body 400, without a type 415", async () => {
    const path = `${taskOf(ann, task.id)}/complete`;
    for (const completed of [null, 1, "true", []])
      expectFaults(
        await api.ask("PATCH", path, { token: ann.token, json: { completed } }),
        "body /completed invalid_type",
      );
    expectRefusal(
      await api.ask("PATCH", path, { token: ann.token, headers: json, body: "{" }),
      "malformed_body",
    );
    expectRefusal(
      await api.ask("PATCH", path, { token: ann.token, headers: json, body: " " }),
      "malformed_body",
    );
    expectRefusal(await api.ask("PATCH", path, { token: ann.token, body: "{}" }), "unsupported_media_type");
    await nothingWritten();
  });
});
