import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";

interface ChoiceFieldProps {
  name: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** What an attempt is aimed at. */
export function ChoiceField({ name, label, value, onChange }: ChoiceFieldProps) {
  return (
    <div className="mt-3 max-w-xs">
      <Field name={name} label={label}>
        {(control) => (
          <Input
            {...control}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="font-mono text-sm"
          />
        )}
      </Field>
    </div>
  );
}
