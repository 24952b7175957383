// `npm run readme`: writes the tested examples into README.md and docs/guides, between their markers.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { fromRoot } from "./workspace/folders.mjs";

const languages = { ".ts": "ts", ".py": "python", ".json": "json", ".yaml": "yaml" };

/** The text with every `<!-- example: FILE -->` block holding what FILE holds now. */
export function withExamples(text) {
  return text.replace(
    /(<!-- example: (\S+) -->\n)[\s\S]*?(<!-- \/example -->)/g,
    (_all, open, path, close) => {
      const code = readFileSync(fromRoot(path), "utf8").trimEnd();
      return `${open}\`\`\`${languages[extname(path)]}\n${code}\n\`\`\`\n${close}`;
    },
  );
}

/** The documents that show examples, as paths from the root. */
export const documents = [
  "README.md",
  ...readdirSync(fromRoot("docs", "guides"))
    .filter((name) => extname(name) === ".md")
    .map((name) => `docs/guides/${name}`),
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of documents.map((path) => fromRoot(path))) {
    writeFileSync(file, withExamples(readFileSync(file, "utf8")));
  }
}
