import { it } from "vitest";
import { oddDocuments, oddValues, unreadableBodies } from "../support/odd-bodies.ts";
import { oddContentTypes } from "../support/odd-headers.ts";
import { tokenFor } from "../support/token.ts";
import { asJson, describeTwins, request } from "../support/twins.ts";

const writes = [
  ["POST", "/api/ann/tasks"],
  ["PUT", "/api/ann/tasks/1"],
  ["PATCH", "/api/ann/tasks/1"],
  ["PUT", "/api/ann/tasks/4"],
  ["PATCH", "/api/ann/tasks/1/complete"],
  ["PUT", "/api/v1/users/me"],
  ["POST", "/api/ann/chat"],
  ["POST", "/api/v1/posts"],
  ["PUT", "/api/v1/posts/1"],
  ["PATCH", "/api/v1/posts/4"],
] as const;

describeTwins((twins) => {
  it("both answer every odd content type alike and write nothing", async () => {
    const good = twins().credentialOf("ann");
    await twins().expectAlikeWithoutWriting(
      oddContentTypes.flatMap((type) => [
        request("POST", "/api/ann/tasks", [good, ["Content-Type", type]], "{}"),
        request("POST", "/api/ann/tasks", [good, ["Content-Type", type]], "{bad"),
        request("POST", "/api/ann/tasks", [good, ["Content-Type", type]], ""),
        request("POST", "/api/ann/tasks", [good, ["Content-Type", type], asJson], "{}"),
        request("PATCH", "/api/ann/tasks/4/complete", [good, ["Content-Type", type]], ""),
        request("PATCH", "/api/ann/tasks/1/complete", [good, ["Content-Type", type]], '{"completed":7}'),
        request("PUT", "/api/v1/users/me", [good, ["Content-Type", type]], '{"name":7}'),
      ]),
    );
  });

  it("both answer bodies with and without a length alike and write nothing", async () => {
    const good = twins().credentialOf("ann");
    const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
    const paths = ["/api/ann/tasks", "/api/v1/users/me", "/api/ann/tasks/4", "/api/ann/tasks/4/complete"];
    await twins().expectAlikeWithoutWriting(
      paths.flatMap((path) =>
        (path === "/api/ann/tasks" ? ["POST"] : ["PUT", "PATCH"]).flatMap((method) => [
          request(method, path, [good]),
          request(method, path, [good, ["Content-Length", "0"]]),
          request(method, path, [good, asJson]),
          request(method, path, [good, ["Transfer-Encoding", "chunked"]], "0\r\n\r\n"),
          request(method, path, [good, asJson, ["Transfer-Encoding", "chunked"]], "0\r\n\r\n"),
          request(method, path, [good, asJson, ["Transfer-Encoding", "chunked"]], chunked("[]")),
          request(
            method,
            path,
            [good, asJson, ["Transfer-Encoding", "chunked"]],
            chunked("x".repeat(65_537)),
          ),
          request(method, path, [good, ["Transfer-Encoding", "chunked"]], chunked("x".repeat(65_537))),
          request(method, path, [good, asJson, ["Content-Length", "9999999999"]], "{"),
          request(method, path, [good, ["Content-Length", "65537"]], "{"),
          request(method, path, [asJson, ["Content-Length", "9999999999"]], "{"),
          request(method, path, [good, asJson, ["Content-Encoding", "gzip"]], "[]"),
        ]),
      ),
    );
  });

  it("both refuse every unreadable body alike and write nothing", async () => {
    const good = twins().credentialOf("ann");
    const emptyToggles = (method: string, path: string, body: string | Uint8Array) =>
      body.length === 0 && method === "PATCH" && path.endsWith("/complete");
    await twins().expectAlikeWithoutWriting(
      unreadableBodies.flatMap((body) =>
        writes
          .filter(([method, path]) => !emptyToggles(method, path, body))
          .map(([method, path]) => request(method, path, [good, asJson], body)),
      ),
    );
  });

  it("both answer every odd document alike and write nothing but the same", async () => {
    const good = twins().credentialOf("ann");
    await twins().expectAlike(
      oddDocuments.flatMap((body) =>
        writes.map(([method, path]) => request(method, path, [good, asJson], body)),
      ),
    );
  });

  it("both judge every odd value of every member alike and write nothing but the same", async () => {
    const good = twins().credentialOf("ann");
    const requests = oddValues.flatMap((value) => [
      request("POST", "/api/ann/tasks", [good, asJson], `{"title":${value}}`),
      request("POST", "/api/ann/tasks", [good, asJson], `{"title":"x","description":${value}}`),
      request("POST", "/api/ann/tasks", [good, asJson], `{"title":"x","completed":${value}}`),
      request(
        "PUT",
        "/api/ann/tasks/1",
        [good, asJson],
        `{"title":${value},"description":${value},"completed":${value}}`,
      ),
      request("PATCH", "/api/ann/tasks/1", [good, asJson], `{"title":${value}}`),
      request("PATCH", "/api/ann/tasks/1", [good, asJson], `{"description":${value}}`),
      request("PATCH", "/api/ann/tasks/1/complete", [good, asJson], `{"completed":${value}}`),
      request("PATCH", "/api/ann/tasks/1/complete", [good, asJson], `{"other":${value},"completed":true}`),
      request("POST", "/api/ann/chat", [good, asJson], `{"message":${value}}`),
      request("POST", "/api/ann/chat", [good, asJson], `{"message":"help","conversation_id":${value}}`),
      request("POST", "/api/v1/posts", [good, asJson], `{"title":${value},"body":"b"}`),
      request("POST", "/api/v1/posts", [good, asJson], `{"title":"t","body":${value}}`),
      request("PATCH", "/api/v1/posts/1", [good, asJson], `{"is_private":${value}}`),
      request("PUT", "/api/v1/users/me", [good, asJson], `{"email":${value}}`),
      request("PUT", "/api/v1/users/me", [good, asJson], `{"name":${value}}`),
      request("PUT", "/api/v1/users/me", [good, asJson], `{"username":${value}}`),
      request(
        "PUT",
        "/api/v1/users/me",
        [good, asJson],
        `{"email":${value},"name":${value},"username":${value},"id":${value}}`,
      ),
    ]);
    await twins().expectAlike(requests);
  });

  it("both make the same profile of odd claims", async () => {
    const claims = [
      ...[
        { email: 7 },
        { email: "" },
        { email: null },
        { email: "x".repeat(400) },
        { email: "a\u0000b" },
        { email: "no address" },
      ],
      ...[
        { name: {} },
        { name: "" },
        { name: " " },
        { name: "n".repeat(300) },
        { name: "a\u0000" },
        { name: "\u{1f600}" },
      ],
      ...[
        { role: 7 },
        { role: [] },
        { scope: 7 },
        { scope: ["a"] },
        { scope: "a  b" },
        { username: "x" },
        { id: "x" },
      ],
    ];
    await twins().expectAlike(
      claims.flatMap((extra, index) => {
        const its = tokenFor(twins().realm, `odd${index}`, extra);
        return [
          request("GET", "/api/v1/users/me", [["Authorization", `Bearer ${its}`]]),
          request("GET", `/api/odd${index}/tasks`, [["Authorization", `Bearer ${its}`]]),
        ];
      }),
    );
  });

  it("both read a good life of a task alike", async () => {
    const good = twins().credentialOf("ann");
    const path = "/api/ann/tasks/5";
    const body = (members: object) => JSON.stringify(members);
    await twins().expectAlike([
      request("GET", "/api/ann/tasks", [good]),
      request("GET", "/api/ann/tasks?sort=title&limit=2&offset=1", [good]),
      request(
        "POST",
        "/api/ann/tasks",
        [good, asJson],
        body({ title: "A \u{1f600} \u2028 </script> \u007f \u00e9", description: '\b\f\n\r\t"\\/' }),
      ),
      ...[1, 2, 3].map((id) => request("GET", `/api/ann/tasks/${id}`, [good])),
      request(
        "PATCH",
        "/api/ann/tasks/2",
        [good, asJson],
        body({ description: "\u0001\u001f\u0080\u009f\ufffe\uffff" }),
      ),
      request("GET", "/api/ann/tasks/2", [good]),
      request("PATCH", "/api/ann/tasks/2/complete", [good]),
      request("DELETE", "/api/ann/tasks/2", [good, ["If-Match", "*"]]),
      request("GET", path, [good]),
      request("GET", "/health"),
      request("GET", "/ready"),
      request("GET", "/openapi.json"),
      request("GET", "/docs"),
      request("PUT", "/api/v1/users/me", [good, asJson], body({ name: "\u00c4nn", username: "ann" })),
      request("GET", "/api/ann/tasks?q=%C3%A9&completed=false", [good]),
      request("OPTIONS", "/api/ann/tasks", [
        ["Origin", "http://app.test:3000"],
        ["Access-Control-Request-Method", "PUT"],
      ]),
      request("GET", "/api/ann/tasks", [good, ["Origin", "http://app.test:3000"]]),
    ]);
  });
});
