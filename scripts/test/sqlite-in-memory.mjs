import { createRequire } from "node:module";

/** `node:sqlite` in which a database is in memory, whatever file it names. */
export function mocked() {
  // Not by `import`: that would be the mock itself.
  const sqlite = createRequire(import.meta.url)("node:sqlite");
  class DatabaseSync extends sqlite.DatabaseSync {
    constructor() {
      super(":memory:");
    }
  }
  return { ...sqlite, DatabaseSync };
}
