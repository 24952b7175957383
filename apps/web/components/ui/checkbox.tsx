import { Check } from "lucide-react";

interface CheckboxProps {
  /** The accessible name. */
  label: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

/** A checkbox with a target large enough for a thumb. */
export function Checkbox({ label, checked, disabled, onChange }: CheckboxProps) {
  return (
    <label className="relative grid size-10 shrink-0 place-items-center">
      <input
        type="checkbox"
        aria-label={label}
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        className="peer size-[1.125rem] appearance-none rounded-[0.3rem] border border-line-strong bg-surface transition-colors duration-150 checked:border-accent checked:bg-accent hover:border-ink disabled:opacity-50"
      />
      <Check
        aria-hidden
        strokeWidth={3}
        className="pointer-events-none absolute size-3.5 text-on-accent opacity-0 peer-checked:opacity-100 forced-colors:text-[CanvasText]"
      />
    </label>
  );
}
