/** Name of the cookie that holds the chosen theme. A cookie, so that the server renders the right one at once. */
export const themeCookie = "theme";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** @returns the theme that an untrusted cookie value names; `system` for anything else. */
export function themeFrom(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? "system";
}
