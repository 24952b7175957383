import { fileURLToPath } from "node:url";
import { answersAt, bareEnvironment, freePort, ServerProcess } from "../support/server-process.ts";
import type { VerifierConfiguration } from "../support/verifier-program.ts";

export type Language = "typescript" | "python";

const support = new URL("../support/", import.meta.url);
const root = fileURLToPath(new URL("../../", import.meta.url));

function commandOf(language: Language): { command: string; args: readonly string[] } {
  if (language === "typescript") {
    return { command: process.execPath, args: [fileURLToPath(new URL("verifier-program.ts", support))] };
  }
  const python = process.platform === "win32" ? "Scripts/python.exe" : "bin/python";
  return {
    command: fileURLToPath(new URL(`../../apps/api-fastapi/.venv/${python}`, import.meta.url)),
    args: [fileURLToPath(new URL("verifier_program.py", support))],
  };
}

/** How a verifier is configured, apart from where it listens. */
export type VerifierSettings = Omit<VerifierConfiguration, "port">;

/** A verifier in service or out of it, as behind a load balancer. */
export class RunningVerifier {
  readonly language: Language;
  readonly #port: number;
  #settings: VerifierSettings;
  #process: ServerProcess | undefined;
  #inService = false;
  #underway = 0;

  private constructor(language: Language, port: number, settings: VerifierSettings) {
    this.language = language;
    this.#port = port;
    this.#settings = settings;
  }

  static async start(language: Language, settings: VerifierSettings): Promise<RunningVerifier> {
    const made = new RunningVerifier(language, await freePort(), settings);
    await made.#start();
    return made;
  }

  get inService(): boolean {
    return this.#inService;
  }

  /** Takes it out of service, lets it finish, starts it with these changes, and puts it back once it is ready. */
  async update(changes: (settings: VerifierSettings) => VerifierSettings): Promise<void> {
    await this.stop();
    this.#settings = changes(this.#settings);
    await this.#start();
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** `accepted`, or the code of the refusal. */
  async word(token: string): Promise<string> {
    this.#underway += 1;
    try {
      const answer = await fetch(this.origin, {
        headers: { Authorization: `Bearer ${token}` },
      });
      return ((await answer.json()) as { word: string }).word;
    } finally {
      this.#underway -= 1;
    }
  }

  /** What it says of its feed. */
  async feedState(): Promise<string> {
    const answer = await fetch(`${this.origin}/ready`);
    return ((await answer.json()) as { word: string }).word;
  }

  async stop(): Promise<void> {
    this.#inService = false;
    while (this.#underway > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await this.#process?.stop();
  }

  async #start(): Promise<void> {
    const configuration: VerifierConfiguration = { ...this.#settings, port: this.#port };
    const { command, args } = commandOf(this.language);
    const env = { ...bareEnvironment(), VERIFIER: JSON.stringify(configuration) };
    this.#process = new ServerProcess({ command, args, cwd: root, env });
    await this.#process.ready(answersAt(`${this.origin}/ready`));
    this.#inService = true;
  }
}

/** One verifier of each language, so that one can be updated while the other serves. */
export async function startVerifiers(settings: VerifierSettings): Promise<RunningVerifier[]> {
  const languages: Language[] = ["typescript", "python"];
  return await Promise.all(languages.map((language) => RunningVerifier.start(language, settings)));
}

/** Updates one verifier after the other. */
export async function updateOneByOne(
  verifiers: readonly RunningVerifier[],
  changes: (settings: VerifierSettings) => VerifierSettings,
): Promise<void> {
  for (const verifier of verifiers) await verifier.update(changes);
}
