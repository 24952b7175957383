import { expect } from "vitest";
import { type Asked, conformanceFaults, type Problem, problemIn } from "./answer-faults.ts";
import { refusal } from "./contract.ts";
import type { Answer } from "./raw-request.ts";

/** The problem document of an answer; the answer is held to be one. */
export function problemOf(answer: Answer): Problem {
  const problem = problemIn(answer);
  if (typeof problem === "string") throw new Error(problem);
  return problem;
}

/** Holds one answer against everything that the contract says of every answer. */
export function expectConforms(asked: Asked, answer: Answer): void {
  expect(conformanceFaults(asked, answer), `${asked.method} ${asked.target}`).toEqual([]);
}

/** The answer is the refusal with this code, and its document says so. */
export function expectRefusal(answer: Answer, code: string): void {
  const got = answer.status >= 400 ? problemOf(answer).code : "none";
  expect({ status: answer.status, code: got }).toEqual({ status: refusal(code).status, code });
}

/** The answer is a 422 that lists exactly these faults, each as "in pointer code". */
export function expectFaults(answer: Answer, ...faults: readonly string[]): void {
  expectRefusal(answer, "validation_failed");
  expect(
    (problemOf(answer).errors ?? []).map((fault) => `${fault.in} ${fault.pointer} ${fault.code}`),
  ).toEqual(faults);
}
