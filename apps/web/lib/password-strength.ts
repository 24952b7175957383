/** How hard a password is to guess: 0 not at all, 4 very. */
export type StrengthScore = 0 | 1 | 2 | 3 | 4;

export const strengthWords = ["Too short", "Weak", "Fair", "Good", "Strong"] as const;

/** Beginnings and cores of the passwords that are tried first. */
const firstGuesses =
  /passw[o0]rd|qwert|azerty|asdf|letmein|welcome|iloveyou|admin|monkey|dragon|football|baseball|secret|abc123|1q2w3e/gi;

/**
 * A rough estimate for the meter beside the field, in steps of bits; the server only demands a length.
 * Runs (`aaaa`, `1234`, `dcba`) count as one character, and common beginnings hardly count at all.
 */
export function passwordStrength(password: string): StrengthScore {
  if (password.length < 8) return 0;
  const rest = withoutRuns(password.replaceAll(firstGuesses, "p"));
  const bits = rest.length * Math.log2(alphabetSize(rest)) * variety(rest);
  if (bits < 36) return 1;
  if (bits < 52) return 2;
  return bits < 72 ? 3 : 4;
}

function withoutRuns(text: string): string {
  const characters = Array.from(text);
  return characters
    .filter((character, index) => {
      const [before, twoBefore] = [characters[index - 1], characters[index - 2]];
      if (before === undefined || twoBefore === undefined) return true;
      const step = code(character) - code(before);
      return Math.abs(step) > 1 || step !== code(before) - code(twoBefore);
    })
    .join("");
}

const code = (character: string) => character.codePointAt(0) ?? 0;

function alphabetSize(text: string): number {
  const kinds: ReadonlyArray<readonly [RegExp, number]> = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[^A-Za-z0-9]/, 33],
  ];
  return Math.max(
    2,
    kinds.reduce((size, [kind, count]) => size + (kind.test(text) ? count : 0), 0),
  );
}

/** The share of characters that are not repetitions, at least one half for long texts with few letters. */
function variety(text: string): number {
  const share = new Set(text).size / Math.max(1, text.length);
  return text.length > 16 ? Math.max(0.5, share) : share;
}
