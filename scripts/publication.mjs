// What depends on whether the packages are published: the install lines, and the guard before `npm publish`.
// `node scripts/publication.mjs` ends with an error until they may be published.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fromRoot } from "./workspace/folders.mjs";

const { published, repository } = JSON.parse(readFileSync(fromRoot("contract", "publication.json"), "utf8"));
const { version } = JSON.parse(readFileSync(fromRoot("packages", "watchword", "package.json"), "utf8"));

export { published, repository };

/** The lines that README shows; `<checkout>` is the folder of the project. */
export const installLines = published
  ? ["npm install watchword better-auth hono @hono/node-server", 'pip install "watchword[fastapi]" uvicorn']
  : [
      "(cd <checkout> && npm ci && npm pack --workspace packages/watchword)",
      `npm install <checkout>/watchword-${version}.tgz better-auth hono @hono/node-server`,
      'pip install "<checkout>/packages/watchword-py[fastapi]" uvicorn',
    ];

/** How the command line is called. */
export const command = published ? "npx watchword" : "npx --package <checkout>/packages/watchword watchword";

if (process.argv[1] === fileURLToPath(import.meta.url) && !published) {
  process.stderr.write(
    `The packages are not to be published yet: ${repository} is a placeholder. Set repository and published in contract/publication.json first.\n`,
  );
  process.exit(1);
}
