// `npm run readme`: writes the tested examples and the install lines into README.md and docs/guides, between their markers.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { installLines } from "./publication.mjs";
import { fromRoot } from "./workspace/folders.mjs";

const languages = { ".ts": "ts", ".cjs": "js", ".py": "python", ".json": "json", ".yaml": "yaml" };

/** The text with every `<!-- example: FILE -->` block holding what FILE holds now, and `<!-- install -->` the install lines. */
export function withExamples(text) {
  const block = (open, language, code, close) => `${open}\`\`\`${language}\n${code}\n\`\`\`\n${close}`;
  return text
    .replace(/(<!-- example: (\S+) -->\n)[\s\S]*?(<!-- \/example -->)/g, (_all, open, path, close) =>
      block(open, languages[extname(path)], readFileSync(fromRoot(path), "utf8").trimEnd(), close),
    )
    .replace(/(<!-- install -->\n)[\s\S]*?(<!-- \/install -->)/g, (_all, open, close) =>
      block(open, "sh", installLines.join("\n"), close),
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
