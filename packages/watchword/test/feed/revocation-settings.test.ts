import { expect, test } from "vitest";
import { ConfigurationError } from "../../src/errors.ts";
import { createRevocationFeed } from "../../src/feed/revocation-feed.ts";
import { feedOptionsFromEnvironment } from "../../src/feed/revocation-settings.ts";
import { contractFile } from "../contract-files.ts";

interface FeedCase {
  name: string;
  settings: Record<string, string>;
  otherwise?: "feed" | "none";
  feed?: Record<string, unknown> | null;
  refused?: string;
}

const { feed_cases: cases } = contractFile<{ feed_cases: FeedCase[] }>("vectors/environment.json");
const inWords: Readonly<Record<string, string>> = {
  feedSecret: "feed_secret",
  allowHttp: "allow_http",
  whenUnreachable: "when_unreachable",
};

test("the vectors are there", () => {
  expect(cases).toHaveLength(19);
});

test.each(cases)("$name", ({ settings, otherwise, feed, refused }) => {
  if (refused === undefined) {
    const read = feedOptionsFromEnvironment(settings, otherwise);
    const named = Object.entries(read ?? {}).map(([name, value]) => [inWords[name] ?? name, value]);
    expect(read === undefined ? null : Object.fromEntries(named)).toEqual(feed);
    if (read !== undefined) expect(createRevocationFeed(read).status().state).toBe("loading");
    return;
  }
  let message = "";
  try {
    feedOptionsFromEnvironment(settings, otherwise);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    message = String((error as Error).message);
  }
  expect(message.slice(0, refused.length)).toBe(refused);
  for (const value of Object.values(settings)) {
    if (value.length > 6) expect(message.replace("production", "")).not.toContain(value);
  }
});
