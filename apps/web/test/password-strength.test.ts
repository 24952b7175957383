import { expect, it } from "vitest";
import { passwordStrength } from "../lib/password-strength.ts";

it.each([
  ["", 0],
  ["Tr0ub4d", 0],
  ["aaaaaaaaaaaa", 1],
  ["12345678", 1],
  ["abcdefghijkl", 1],
  ["password1", 1],
  ["Password123!", 1],
  ["sunflower", 2],
  ["Sunflower-27", 4],
  ["correct horse battery staple", 4],
  ["kR2vB7xQ9mW4", 3],
  ["kR2vB7xQ9mW4tY8u", 4],
])("%j has strength %i", (password, score) => {
  expect(passwordStrength(password)).toBe(score);
});
