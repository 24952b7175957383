/** Puts the focus on the first field of a form that has a fault: assistive technology reads it with what is wrong. */
export function focusFault(
  form: HTMLFormElement,
  faults: Readonly<Record<string, string | undefined>>,
): void {
  const named = [...form.elements] as HTMLInputElement[];
  named.find(({ name }) => faults[name])?.focus();
}
