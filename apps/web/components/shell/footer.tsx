import type { Theme } from "../../lib/theme.ts";
import { ThemeSwitch } from "../theme/theme-switch.tsx";

/** Says where the API is and lets the reader choose the theme. */
export function Footer({ apiUrl, theme }: { apiUrl: string; theme: Theme }) {
  return (
    <footer className="border-t border-line">
      <div className="mx-auto flex w-full max-w-page flex-wrap items-center justify-between gap-x-3 gap-y-3 px-5 py-4 sm:px-8">
        <p className="text-sm text-soft">
          API{" "}
          <span className="ml-1 font-mono text-xs text-ink wrap-anywhere sm:text-[0.8125rem]">{apiUrl}</span>
        </p>
        <ThemeSwitch initial={theme} />
      </div>
    </footer>
  );
}
