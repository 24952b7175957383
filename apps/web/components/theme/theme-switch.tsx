"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { type Theme, themeCookie } from "../../lib/theme.ts";
import { Segmented } from "../ui/segmented.tsx";

const secondsPerYear = 31_536_000;

const options = [
  { value: "system", label: "Follow the system", icon: <Monitor aria-hidden className="size-4" /> },
  { value: "light", label: "Light", icon: <Sun aria-hidden className="size-4" /> },
  { value: "dark", label: "Dark", icon: <Moon aria-hidden className="size-4" /> },
] as const;

export function ThemeSwitch({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState<Theme>(initial);

  function choose(next: Theme) {
    setTheme(next);
    if (next === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = next;
    const age = next === "system" ? 0 : secondsPerYear;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari.
    document.cookie = `${themeCookie}=${next}; path=/; max-age=${age}; samesite=lax`;
  }

  return <Segmented label="Theme" name="theme" value={theme} options={options} onChange={choose} />;
}
