import type { RoadAnswer, RoadEvent } from "../lib/road-log.ts";

const nothing = {
  code: undefined,
  byProxy: false,
  requestId: undefined,
  verification: undefined,
  issued: undefined,
};

/** A call with a token, and an answer as the test wants it; `undefined` for one that is still on its way. */
export const event = (answer: Partial<RoadAnswer> | undefined, more: Partial<RoadEvent> = {}): RoadEvent => ({
  id: 1,
  kind: "call",
  at: 0,
  method: "GET",
  route: "/api/{user_id}/tasks",
  credential: "token",
  tokenId: "t",
  answer: answer && { ...nothing, status: 200, milliseconds: 3, ...answer },
  ...more,
});
