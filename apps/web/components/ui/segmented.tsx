"use client";

import type { ReactNode } from "react";

interface SegmentedProps<Value extends string> {
  /** Accessible name of the group. */
  label: string;
  name: string;
  value: Value;
  options: ReadonlyArray<{ value: Value; label: string; icon?: ReactNode }>;
  onChange: (value: Value) => void;
}

/** One choice of a few, as radio buttons in a row: arrow keys move between them. */
export function Segmented<Value extends string>({
  label,
  name,
  value,
  options,
  onChange,
}: SegmentedProps<Value>) {
  return (
    <fieldset className="inline-flex rounded-control bg-sunken p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className="relative flex min-h-8 items-center justify-center rounded-[0.35rem] px-3 text-sm text-soft transition-colors duration-150 hover:text-ink has-checked:bg-surface has-checked:text-ink has-checked:shadow-[0_0_0_1px_var(--line),0_1px_2px_var(--shade)] has-focus-visible:outline-2 has-focus-visible:outline-accent forced-colors:has-checked:bg-[SelectedItem] forced-colors:has-checked:text-[SelectedItemText] forced-colors:has-checked:forced-color-adjust-none"
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 cursor-pointer appearance-none rounded-[inherit] outline-none"
            aria-label={option.label}
          />
          {option.icon ?? <span aria-hidden>{option.label}</span>}
        </label>
      ))}
    </fieldset>
  );
}
