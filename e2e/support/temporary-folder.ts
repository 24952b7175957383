import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new folder outside of the project; the caller removes it. Its name holds a space, as a user's folder may. */
export function temporaryFolder(purpose: string): string {
  return mkdtempSync(join(realpathSync(tmpdir()), `watchword ${purpose} `));
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
