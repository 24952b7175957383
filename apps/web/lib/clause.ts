import clauses from "../../../contract/clauses.json";
import errors from "../../../contract/errors.json";
import proxyErrors from "../../../contract/proxy-errors.json";

export type ClauseName = keyof typeof clauses;

/** One clause of the contract. */
export interface Clause {
  readonly name: ClauseName;
  /** Its text; what stands between backticks is code, between pairs of asterisks important. */
  readonly text: string;
}

const codesOf = (name: ClauseName): readonly string[] => clauses[name].codes;

/** The clause `expected` if it decides this code; otherwise the first that does. */
export function clauseFor(code: string | undefined, expected: ClauseName): Clause | undefined {
  if (code === undefined) return undefined;
  const names = Object.keys(clauses) as ClauseName[];
  const name = decides(expected, code) ? expected : names.find((one) => decides(one, code));
  return name && { name, text: clauses[name].text };
}

/** Whether the clause names the code. A row that is not found is named by its status alone. */
export function decides(name: ClauseName, code: string): boolean {
  return codesOf(name).includes(code) || (code === "not_found" && name === "HTTP-3");
}

/** That something was refused, by the API or by the proxy before it, and what its code means, where the contract has it. */
export function refusalInWords(code: string | undefined): string {
  const known: Readonly<Record<string, { readonly title: string }>> = {
    ...proxyErrors.codes,
    ...errors.codes,
  };
  const title = code === undefined ? undefined : known[code]?.title;
  return title ? `Refused: ${title}.` : "Refused.";
}
