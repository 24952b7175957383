import { ApiProblem } from "./api-problem.ts";

const entityTag = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"';
const entityTagList = new RegExp(`^${entityTag}(?:[ \\t]*,[ \\t]*${entityTag})*$`);

/** The entity tag of a version: `"3"`. */
export function entityTagOf(version: number): string {
  return `"${version}"`;
}

/**
 * Holds `If-Match` against the row's version. Tags are compared strongly, so a weak tag matches nothing.
 *
 * @throws ApiProblem `precondition_failed` (412) when the field is there and matches nothing.
 * @see RFC 9110 section 13.1.1
 */
export function requireMatch(ifMatch: string | undefined, version: number): void {
  if (ifMatch === undefined || ifMatch === "*") return;
  const tags: string[] = entityTagList.test(ifMatch) ? (ifMatch.match(new RegExp(entityTag, "g")) ?? []) : [];
  if (!tags.includes(entityTagOf(version))) throw new ApiProblem("precondition_failed");
}
