"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import type { OwnToken } from "./use-own-token.ts";

const parts = [
  { name: "Header", text: "text-soft", swatch: "bg-soft" },
  { name: "Claims", text: "text-ink", swatch: "bg-ink" },
  { name: "Signature", text: "text-accent", swatch: "bg-accent" },
] as const;

/** The token as it is sent, its three parts told apart. */
export function TokenSpecimen({ token }: { token: OwnToken }) {
  return (
    <figure className="rounded-panel border border-line bg-surface">
      <p className="p-5 font-mono text-[0.8125rem] leading-6 break-all">
        {parts.map(({ name, text }, index) => (
          <span key={name} className={text}>
            {index > 0 ? <span className="text-soft">.</span> : null}
            {token.parts.segments[index]}
          </span>
        ))}
      </p>
      <figcaption className="flex flex-wrap items-center gap-x-5 gap-y-2 border-t border-line py-2 pr-2 pl-5 text-sm text-soft">
        {parts.map(({ name, swatch }) => (
          <span key={name} className="flex items-center gap-2">
            <span aria-hidden className={`size-2 rounded-full ${swatch}`} />
            {name}
          </span>
        ))}
        <CopyButton text={token.text} />
      </figcaption>
    </figure>
  );
}

function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState<string>();
  const done = copied === text;
  const Icon = done ? Check : Copy;
  return (
    <Button
      variant="quiet"
      className="ml-auto min-h-9 px-3"
      onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(text))}
    >
      <Icon aria-hidden className="size-4" />
      <span aria-live="polite">{done ? "Copied" : "Copy token"}</span>
    </Button>
  );
}
