import type { Operator } from "../operator.ts";
import { Failure, type Target } from "../run.ts";

/** What the operator of the service does; fails where none is there who can. */
export function operatorDoes<Name extends keyof Operator>(target: Target, name: Name): Operator[Name] {
  const operator = target.operator;
  const does = operator?.[name];
  if (operator === undefined || does === undefined)
    throw new Failure(`this needs whoever runs the service (${name})`);
  return (typeof does === "function" ? does.bind(operator) : does) as Operator[Name];
}

/** Fails with a sentence unless something holds. */
export function must(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Failure(sentence);
}
