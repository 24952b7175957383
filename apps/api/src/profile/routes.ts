import type { MiddlewareHandler } from "hono";
import type { Clock } from "watchword";
import type { Database } from "../database/open.ts";
import type { Writer } from "../database/owned.ts";
import { readJson } from "../http/body.ts";
import { type Api, addOperation, jsonBody, jsonResponse, problems } from "../http/operations.ts";
import { validateBody } from "../http/violations.ts";
import { changeProfile, findProfile, profileOrNew } from "./repository.ts";
import { Profile, ProfileUpdate } from "./schemas.ts";

const base = { path: "/api/v1/users/me", tags: ["profile"], security: [{ bearerAuth: [] }] };

export interface ProfileRoutesOptions {
  database: Database;
  clock: Clock;
  /** The step before each operation that authenticates the caller. */
  caller: MiddlewareHandler;
}

/** The caller's own profile: there is no way to name another one. */
export function addProfileRoutes(api: Api, { database, clock, caller }: ProfileRoutesOptions): void {
  addOperation(
    api,
    {
      ...base,
      method: "get",
      operationId: "getProfile",
      responses: { 200: jsonResponse("The caller's profile", Profile), ...problems(400, 401, 429, 503) },
    },
    [caller],
    async (c) => {
      const identity = c.get("identity");
      const known = await database.owned.reading(identity.userId, findProfile);
      if (known !== undefined) return c.json(known);
      const profile = (mine: Writer) => profileOrNew(mine, identity, clock);
      return c.json(await database.owned.writing(identity.userId, profile));
    },
  );

  addOperation(
    api,
    {
      ...base,
      method: "put",
      operationId: "updateProfile",
      request: { body: jsonBody(ProfileUpdate) },
      responses: {
        200: jsonResponse("The caller's profile", Profile),
        ...problems(400, 401, 413, 415, 422, 429, 503),
      },
    },
    [caller],
    async (c) => {
      const values = validateBody(ProfileUpdate, await readJson(c));
      const identity = c.get("identity");
      return database.owned.writing(identity.userId, async (mine) => {
        await profileOrNew(mine, identity, clock);
        return c.json(await changeProfile(mine, values, clock));
      });
    },
  );
}
