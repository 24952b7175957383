import { DatabaseSync } from "node:sqlite";
import { NodeSqliteDialect } from "@better-auth/kysely-adapter/node-sqlite-dialect";
import { Hono } from "hono";
import { type Generated, Kysely } from "kysely";
import { type AuthEnv, authenticate, requireSelf } from "watchword/hono";
import { ownedTables } from "watchword/kysely";

interface Tables {
  tasks: { id: Generated<number>; user_id: string; title: string };
  posts: { id: Generated<number>; user_id: string; title: string; is_private: number };
}

const database = new DatabaseSync(":memory:");
database.exec(`
  CREATE TABLE tasks (id INTEGER PRIMARY KEY, user_id TEXT NOT NULL, title TEXT NOT NULL);
  CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id TEXT NOT NULL, title TEXT NOT NULL, is_private INTEGER NOT NULL);
`);

export const owned = ownedTables(
  new Kysely<Tables>({ dialect: new NodeSqliteDialect({ database }) }),
  { tasks: "user_id", posts: { owner: "user_id", visible: { is_private: 0 } } },
  { dialect: "sqlite" },
);

export const app = new Hono<AuthEnv>()
  .get("/posts", async (c) =>
    c.json(await owned.readingAsAnyone((anyone) => anyone.selectVisible("posts").selectAll().execute())),
  )
  .use("/api/:user_id/*", authenticate(), requireSelf("user_id"))
  .get("/api/:user_id/tasks", async (c) => {
    const { userId } = c.get("identity");
    return c.json(await owned.reading(userId, (mine) => mine.select("tasks").selectAll().execute()));
  })
  .post("/api/:user_id/tasks", async (c) => {
    const { userId } = c.get("identity");
    const { title } = await c.req.json<{ title: string }>();
    return c.json(
      await owned.writing(userId, (mine) =>
        mine.insert("tasks", { title }).returningAll().executeTakeFirstOrThrow(),
      ),
    );
  });
