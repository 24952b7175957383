import { readFileSync } from "node:fs";

/** A file of `contract/`, parsed. */
export function contractFile<T>(name: string): T {
  const url = new URL(`../../../contract/${name}`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as T;
}
