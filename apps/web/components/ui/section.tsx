import type { ReactNode } from "react";

/** A part of a page of settings: what it is about at the left, what can be done at the right. */
export function Section({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid gap-x-12 gap-y-5 py-10 md:grid-cols-[15rem_minmax(0,1fr)]">
      <div>
        <h2 className="font-semibold">{title}</h2>
        <p className="mt-1 text-sm leading-6 text-pretty text-soft">{text}</p>
      </div>
      <div className="max-w-md">{children}</div>
    </section>
  );
}
