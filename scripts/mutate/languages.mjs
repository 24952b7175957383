// The two verifiers: where they stand in a copy of the project, and which tests must notice a removal.
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fromRoot } from "../workspace/folders.mjs";
import { node24 } from "../workspace/node-tools.mjs";
import { python } from "../workspace/python-tools.mjs";
import { pythonFiles, removalsInPython } from "./python.mjs";
import { removalsInTypeScript, typescriptFiles } from "./typescript.mjs";

const skipped = /(^|[\\/])(node_modules|dist|\.venv|__pycache__|\.pytest_cache|\.hypothesis)$/;

function copy(target, paths) {
  for (const path of paths) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    cpSync(fromRoot(path), join(target, path), { recursive: true, filter: (from) => !skipped.test(from) });
  }
  return target;
}

/** The tests of the verifier, the quick ones first. */
export const pythonTests = [
  "test_verify.py",
  "test_key_per_audience.py",
  "test_verifier_environment.py",
  "test_verify_segments.py",
  "test_verify_header.py",
  "test_verify_claims.py",
  "test_authenticate.py",
  "test_base64url.py",
  "test_bearer.py",
  "test_strict_json.py",
  "test_token_cache.py",
  "test_public_keys.py",
  "test_public_vectors.py",
  "test_signature.py",
  "test_another_kind_of_jwt.py",
  "test_remembered_token.py",
  "test_remote_key_set.py",
  "test_reject_event.py",
  "test_revocation.py",
  "test_revocation_answer.py",
  "test_revocation_list.py",
  "test_revocation_follower.py",
  "test_revocation_readiness.py",
  "test_source_status.py",
  "test_use_revocation.py",
  "test_adapter_cases.py",
  "test_fastapi.py",
  "test_vectors.py::test_every_case_of_the_corpus_passes",
];

/** What memory weighs is no verdict, and takes longer than all others. */
export const withoutWeighing = ["-k", "not fit_in_20_mb"];

export const languages = [
  {
    name: "TypeScript",
    sources: "packages/watchword/src",
    async removals(folder) {
      return typescriptFiles.flatMap((file) => removalsInTypeScript(folder, file));
    },
    prepare(target) {
      const packageFolder = "packages/watchword";
      copy(target, [
        "contract",
        "tsconfig.base.json",
        ...["src", "test", "package.json", "tsconfig.json", "vitest.config.ts"].map(
          (name) => `${packageFolder}/${name}`,
        ),
      ]);
      symlinkSync(fromRoot("node_modules"), join(target, "node_modules"), "dir");
    },
    test: (target) => ({
      command: node24(),
      args: [
        fromRoot("node_modules", "vitest", "vitest.mjs"),
        ...["run", "--root", join(target, "packages", "watchword")],
        ...["--bail=1", "--reporter=dot", "--pool=threads", "--no-file-parallelism", "--no-isolate"],
        ...["--exclude=**/*.property.test.ts", "--exclude=**/oracle/**", "--exclude=**/environment.test.ts"],
        "--exclude=**/revocation-memory.test.ts",
        ...[
          "test/encoding",
          "test/keys",
          "test/token",
          "test/feed",
          "test/vectors",
          "test/guard/authenticate.test.ts",
          "test/guard/requirements.test.ts",
          "test/adapters/route-options.test.ts",
          "test/adapters/hono.adapter.test.ts",
        ],
      ],
      env: {},
    }),
  },
  {
    name: "Python",
    sources: "packages/watchword-py/src/watchword",
    async removals(folder) {
      return (await Promise.all(pythonFiles.map((file) => removalsInPython(folder, file)))).flat();
    },
    prepare(target) {
      const packageFolder = "packages/watchword-py";
      copy(target, [
        "contract",
        ...["src", "tests", "vectors", "pyproject.toml"].map((name) => `${packageFolder}/${name}`),
      ]);
    },
    test: (target) => ({
      command: python,
      args: [
        ...["-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider"],
        ...withoutWeighing,
        ...pythonTests.map((name) => join(target, "packages", "watchword-py", "tests", name)),
      ],
      env: {
        PYTHONPATH: join(target, "packages", "watchword-py", "src"),
        // A mutant may have the size and the second of the one before it.
        PYTHONDONTWRITEBYTECODE: "1",
      },
    }),
  },
];
