"use client";

import { type ComponentProps, useState } from "react";
import { Input } from "./input.tsx";

/** A password that can be shown while it is typed. */
export function PasswordInput(props: Omit<ComponentProps<"input">, "type" | "className">) {
  const [shown, setShown] = useState(false);
  return (
    <div className="relative">
      <Input
        {...props}
        type={shown ? "text" : "password"}
        autoCapitalize="none"
        spellCheck={false}
        className="pr-16"
      />
      <button
        type="button"
        aria-label={shown ? "Hide characters" : "Show characters"}
        aria-controls={props.id}
        onClick={() => setShown(!shown)}
        className="absolute inset-y-1 right-1 rounded-[0.3rem] px-2.5 text-sm text-soft hover:text-ink focus-visible:outline-offset-0"
      >
        {shown ? "Hide" : "Show"}
      </button>
    </div>
  );
}
