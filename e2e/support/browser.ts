import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserServer, chromium, type LaunchOptions } from "playwright-core";

const programs = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const elsewhere = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The one that comes with the dependencies, unpacked into the temporary folder at first use. */
async function bundledChromium(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  // Read while the module is loaded: it then unpacks the libraries that a bare system lacks.
  process.env["AWS_EXECUTION_ENV"] ??= "AWS_Lambda_nodejs24.x";
  const { default: bundled } = await import("@sparticuz/chromium");
  return await bundled.executablePath();
}

/**
 * The path of a Chromium: `CHROMIUM`, the system's own, or the one that comes with the dependencies.
 * @throws Error that says what to install when there is none.
 */
export async function chromiumProgram(): Promise<string> {
  const chosen = process.env["CHROMIUM"];
  if (chosen) return chosen;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = folders.flatMap((folder) => programs.map((program) => join(folder, program)));
  const found =
    [...candidates, ...elsewhere].find(isProgram) ?? (await bundledChromium().catch(() => undefined));
  if (found !== undefined) return found;
  throw new Error(
    "The browser tests need Chromium: install Chromium or Google Chrome, or set CHROMIUM to its path.",
  );
}

async function launchOptions(places: Places = {}): Promise<LaunchOptions> {
  const rules = Object.entries(places).map(([name, place]) => `MAP ${name} ${place}`);
  return {
    executablePath: await chromiumProgram(),
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...(rules.length > 0 ? [`--host-resolver-rules=${rules.join(",")}`] : []),
    ],
  };
}

/** Where the browser finds a host and port in truth, for example `{ "localhost:3000": "127.0.0.1:54321" }`. */
export type Places = Readonly<Record<string, string>>;

/** A real Chromium without a window. */
export async function openBrowser(places: Places = {}): Promise<Browser> {
  return await chromium.launch(await launchOptions(places));
}

/** One Chromium for many files: each connects to it, and closes what it has opened when it goes. */
export async function serveBrowser(): Promise<BrowserServer> {
  return await chromium.launchServer({ ...(await launchOptions()), host: "127.0.0.1" });
}
