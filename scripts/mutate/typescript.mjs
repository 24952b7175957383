// What can be removed from the TypeScript verifier, found in its syntax tree.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "vitest/node";

/** Where the check order stands: the recipe, and every file that one of its steps lives in. */
export const typescriptFiles = [
  "guard/bearer.ts",
  "encoding/base64url.ts",
  "encoding/strict-json.ts",
  "token/header.ts",
  "token/jws.ts",
  "keys/key-set.ts",
  "keys/public-keys.ts",
  "token/signature.ts",
  "token/claims.ts",
  "token/own-claims.ts",
  "token/revocation.ts",
  "feed/revocation-answer.ts",
  "feed/revocation-follower.ts",
  "feed/revocation-list.ts",
  "token/token-cache.ts",
  "token/verify.ts",
  "guard/authenticate.ts",
  "adapters/route-verifier.ts",
];

/** Where verdicts rest on what was remembered, every statement is a step. */
const remembering = /revocation-(follower|list)|token-cache/;

/** Calls that exist only to refuse. */
const refusing = /^(check|refuse|require)/;

/**
 * Every removal in one file: a step, a refusal or an early return becomes nothing, a check whose answer is used answers
 * with what it was given, options are not handed on, and each operand of a condition is left out.
 *
 * @returns {{ file: string, line: number, start: number, end: number, replacement: string, text: string }[]}
 */
export function removalsInTypeScript(folder, file) {
  const source = readFileSync(join(folder, file), "utf8");
  const removals = [];
  const add = ({ start, end }, replacement) => {
    const text = source.slice(start, end).replace(/\s+/g, " ");
    const line = source.slice(0, start).split("\n").length;
    const inLine = source.split("\n")[line - 1].trim();
    removals.push({ file, line, inLine, start, end, replacement, text });
  };

  const visitors = {
    ThrowStatement: (node) => add(node, ";"),
    ExpressionStatement: (node) => {
      const call = node.expression.type === "AwaitExpression" ? node.expression.argument : node.expression;
      if (isRefusing(call) || remembering.test(file)) add(node, ";");
    },
    CallExpression: (node, parent) => {
      const [first, ...others] = node.arguments;
      if (isRefusing(node) && first !== undefined && !/^(Expression|Await)/.test(parent.type)) {
        add(node, source.slice(first.start, first.end));
      }
      for (const argument of others) if (isOptions(argument)) add(argument, "undefined");
    },
    ReturnStatement: (node, parent) => {
      if (parent.type === "IfStatement") add(node, ";");
    },
    LogicalExpression: (node) => {
      if (node.operator === "??") return;
      const neutral = node.operator === "||" ? "false" : "true";
      for (const operand of [node.left, node.right]) {
        if (operand.type === "LogicalExpression" && operand.operator === node.operator) continue;
        add(operand, neutral);
      }
    },
  };
  walk(parseAst(source, { lang: "ts" }), undefined, (node, parent) => visitors[node.type]?.(node, parent));
  return removals;
}

function walk(node, parent, visit) {
  // What a constructor sets is no step.
  if (node.type === "MethodDefinition" && node.kind === "constructor") return;
  visit(node, parent);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === "string") walk(child, node, visit);
    }
  }
}

function nameOf(callee) {
  if (callee.type === "Identifier") return callee.name;
  return callee.type === "MemberExpression" && callee.property.type === "Identifier"
    ? callee.property.name
    : "";
}

function isRefusing(node) {
  return node.type === "CallExpression" && refusing.test(nameOf(node.callee));
}

/** `options`, or a member of it. */
function isOptions(node) {
  if (node.type === "ChainExpression") return isOptions(node.expression);
  return node.type === "MemberExpression" ? isOptions(node.object) : node.name === "options";
}
