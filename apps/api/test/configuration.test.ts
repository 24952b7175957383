import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { configurationFrom } from "../src/configuration.ts";
import { secret } from "./test-api.ts";

const from = (settings: Record<string, string>) =>
  configurationFrom({ BETTER_AUTH_SECRET: secret, ...settings });
const misconfigured = (setting: string) =>
  expect.objectContaining({ code: "misconfigured", message: expect.stringContaining(setting) });

describe("configurationFrom", () => {
  it("has the contract's defaults", () => {
    expect(from({})).toMatchObject({
      host: "127.0.0.1",
      port: 8000,
      database: { store: "sqlite", folder: resolve("data") },
      corsOrigins: ["http://localhost:3000"],
      authFailuresPerMinute: 300,
      showVerification: false,
    });
  });

  it("counts a blank setting as absent", () => {
    expect(from({ API_PORT: " ", HOST: "", CORS_ORIGINS: "", DATABASE_URL: "" })).toMatchObject({
      port: 8000,
    });
  });

  it.each([
    ["file:./other folder", resolve("other folder")],
    ["file:other%20folder", resolve("other%20folder")],
    ["file:/srv/data", "/srv/data"],
    ["file:///srv/my%20data", "/srv/my data"],
  ])("reads DATABASE_URL %s", (url, folder) => {
    expect(from({ DATABASE_URL: url }).database).toEqual({ store: "sqlite", folder });
  });

  it.each([
    "mysql://root:hunter2@localhost/app",
    "postgres:",
    "postgres://app:hunter2@localhost:port/app",
    "./data",
    "file:",
    "file://elsewhere/data",
    "file:///%zz",
    "file:///a%2Fb",
  ])("refuses DATABASE_URL %s", (url) => {
    expect(() => from({ DATABASE_URL: url })).toThrow(misconfigured("DATABASE_URL"));
    expect(() => from({ DATABASE_URL: url })).not.toThrow(/hunter2/);
  });

  it.each(["postgres://app:secret@db.example:5432/app", "postgresql:///app?host=/run/postgresql"])(
    "reads DATABASE_URL %s, with ten connections",
    (url) => {
      expect(from({ DATABASE_URL: url }).database).toEqual({ store: "postgres", url, poolSize: 10 });
    },
  );

  it("takes the number of connections from DATABASE_POOL_SIZE", () => {
    const settings = { DATABASE_URL: "postgres://db/app", DATABASE_POOL_SIZE: "1000" };
    expect(from(settings).database).toMatchObject({ poolSize: 1000 });
  });

  it.each(["0", "1001", "many"])("refuses DATABASE_POOL_SIZE %s", (size) => {
    expect(() => from({ DATABASE_POOL_SIZE: size })).toThrow(misconfigured("DATABASE_POOL_SIZE"));
  });

  it("takes the issuer as the only CORS origin, or the ones listed", () => {
    expect(from({ BETTER_AUTH_URL: "https://app.example.com/" }).corsOrigins).toEqual([
      "https://app.example.com",
    ]);
    expect(from({ CORS_ORIGINS: "https://a.example, http://localhost:5173" }).corsOrigins).toEqual([
      "https://a.example",
      "http://localhost:5173",
    ]);
  });

  it.each([
    "*",
    "null",
    "https://a.example/",
    "https://a.example/app",
    "a.example",
    "https://a.example,,",
    "ftp://a",
  ])("refuses CORS_ORIGINS %s", (origins) => {
    expect(() => from({ CORS_ORIGINS: origins })).toThrow(misconfigured("CORS_ORIGINS"));
  });

  it.each(["0", "65536", "80a", "-1", "1e3"])("refuses API_PORT %s", (port) => {
    expect(() => from({ API_PORT: port })).toThrow(misconfigured("API_PORT"));
  });

  it("shows verification when told so by 1, and takes nothing but 1 and 0", () => {
    expect(from({ SHOW_VERIFICATION: "1" }).showVerification).toBe(true);
    expect(from({ SHOW_VERIFICATION: "0" }).showVerification).toBe(false);
    for (const value of ["2", "yes", "true"])
      expect(() => from({ SHOW_VERIFICATION: value })).toThrow(misconfigured("SHOW_VERIFICATION"));
  });

  it("refuses AUTH_FAILURES_PER_MINUTE that is no whole number above zero", () => {
    expect(() => from({ AUTH_FAILURES_PER_MINUTE: "0" })).toThrow(misconfigured("AUTH_FAILURES_PER_MINUTE"));
  });

  it("never quotes a secret", () => {
    expect(() => from({ BETTER_AUTH_SECRET: "hunter2" })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("hunter2") }),
    );
  });
});
