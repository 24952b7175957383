import { it } from "vitest";
import { forgedTokens } from "../support/forged-tokens.ts";
import { oddCredentials, oddHeaders } from "../support/odd-headers.ts";
import { oddQueries, oddRowIds, oddSegments } from "../support/odd-paths.ts";
import { asJson, describeTwins, request } from "../support/twins.ts";

describeTwins((twins) => {
  it("both answer every odd path alike and write nothing", async () => {
    const good = twins().credentialOf("ann");
    const paths = oddSegments.flatMap((piece) => [
      `/api/${piece}/tasks`,
      `/api/ann${piece}/tasks`,
      `/api/${piece}ann/tasks`,
      `/api/ann/tasks/${piece}`,
      `/api/ann/tasks${piece}`,
      `/api/ann/${piece}/tasks`,
      `/api/ann/tasks/1${piece}`,
      `/api/ann/tasks/1/${piece}`,
      `/api/ann/conversations/${piece}`,
      `/api/v1/posts/${piece}`,
      `/api/v1/${piece}/users`,
      `/${piece}`,
      `${piece}`,
      `/${piece}/health`,
      `/health${piece}`,
      `http://elsewhere.test/${piece}`,
    ]);
    const targets = paths.filter((path) => path.startsWith("/") || path.startsWith("http://"));
    await twins().expectAlikeWithoutWriting(
      targets.flatMap((target) => [request("GET", target, [good]), request("GET", target)]),
    );
  });

  it("both answer every odd row id alike and write nothing", async () => {
    const good = twins().credentialOf("ann");
    await twins().expectAlikeWithoutWriting(
      oddRowIds.flatMap((id) => [
        request("GET", `/api/ann/tasks/${id}`, [good]),
        request("DELETE", `/api/ann/tasks/${id}`, [good]),
        request("PUT", `/api/ann/tasks/${id}`, [good, asJson], "{}"),
        request("PATCH", `/api/ann/tasks/${id}`, [good, asJson], '{"title":7}'),
        request("PATCH", `/api/ann/tasks/${id}/complete`, [good]),
        request("GET", `/api/ann/conversations/${id}`, [good]),
        request("DELETE", `/api/ann/conversations/${id}`, [good]),
        request("GET", `/api/v1/posts/${id}`, [good]),
        request("GET", `/api/v1/posts/${id}`),
        request("PUT", `/api/v1/posts/${id}`, [good, asJson], "{}"),
      ]),
    );
  });

  it("both answer every odd query alike and write nothing", async () => {
    const good = twins().credentialOf("ann");
    const admin = twins().credentialOf("ada", { role: "admin" });
    await twins().expectAlikeWithoutWriting(
      oddQueries.flatMap((query) => [
        request("GET", `/api/ann/tasks?${query}`, [good]),
        request("HEAD", `/api/ann/tasks?${query}`, [good]),
        request("GET", `/api/ann/tasks/1?${query}`, [good]),
        request("GET", `/health?${query}`),
        request("GET", `/api/ann/conversations?${query}`, [good]),
        request("GET", `/api/v1/posts?${query}`),
        request("GET", `/api/v1/admin/users?${query}`, [admin]),
        request("GET", `/nothing?${query}`),
      ]),
    );
  });

  it("both answer every odd credential alike and write nothing", async () => {
    const good = twins().credentialOf("ann");
    const token = good[1].slice("Bearer ".length);
    await twins().expectAlikeWithoutWriting(
      oddCredentials
        .map((value) => ["Authorization", value.replaceAll("{T}", token)] as const)
        .flatMap((line) => [
          request("GET", "/api/ann/tasks", [line]),
          request("GET", "/api/ben/tasks", [line]),
          request("POST", "/api/ann/tasks", [line], "{bad"),
          request("GET", "/api/v1/users/me", [line]),
          request("GET", "/api/ann/tasks", [line, ["authorization", "Basic x"]]),
          request("GET", "/health", [line]),
        ]),
    );
  });

  it("both refuse every forged token alike and write nothing", async () => {
    await twins().expectAlikeWithoutWriting(
      forgedTokens(twins().realm, "ann").map((forged) =>
        request(
          "POST",
          "/api/ann/tasks",
          [["Authorization", `Bearer ${forged.token}`], asJson],
          '{"title":"x"}',
        ),
      ),
    );
  });

  it("both answer odd headers beside a read and a faulty write alike and write nothing", async () => {
    const good = twins().credentialOf("ann");
    await twins().expectAlikeWithoutWriting(
      oddHeaders.flatMap((lines) => [
        request("GET", "/api/ann/tasks", [good, ...lines]),
        request("GET", "/api/ann/tasks/1", [good, ...lines]),
        request("GET", "/api/ann/tasks/4", [good, ...lines]),
        request("PATCH", "/api/ann/tasks/4", [good, asJson, ...lines], "{}"),
        request("PATCH", "/api/ann/tasks/1", [good, asJson, ...lines], '{"title":7}'),
        request("PATCH", "/api/ann/tasks/1", [good, asJson, ...lines], "{}"),
        request("OPTIONS", "/api/ann/tasks", lines),
        request("OPTIONS", "/api/ann/tasks", [["Access-Control-Request-Method", "GET"], ...lines]),
        request("GET", "/health", lines),
      ]),
    );
  });

  it("both answer every odd method alike and write nothing", async () => {
    const good = twins().credentialOf("ann");
    const methods = [
      "HEAD",
      "POST",
      "PUT",
      "PATCH",
      "DELETE",
      "OPTIONS",
      "TRACE",
      "PROPFIND",
      "SEARCH",
      "MKCOL",
      "LOCK",
      "REPORT",
      "PURGE",
    ];
    const paths = [
      "/api/ann/tasks",
      "/api/ben/tasks",
      "/api/ann/tasks/x/complete",
      "/health",
      "/ready",
      "/docs",
      "/openapi.json",
      "/nothing",
    ];
    await twins().expectAlikeWithoutWriting(
      methods.flatMap((method) =>
        paths.flatMap((path) => [
          request(method, path),
          request(method, path, [good]),
          request(method, path, [good, asJson], "{bad"),
        ]),
      ),
    );
  });
});
