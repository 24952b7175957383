import { classNames } from "../ui/class-names.ts";

const steps = [
  {
    title: "Signed here",
    text: "Your session becomes a token that lives for minutes and names you.",
    shown: "GET /api/auth/token",
    answer: "200",
  },
  {
    title: "Checked there",
    text: "The API checks the signature and every claim, without asking anyone.",
    shown: "no token, or a wrong one",
    answer: "401",
  },
  {
    title: "Held against the address",
    text: "The user in the URL must be the user in the token.",
    shown: "GET /api/someone-else/tasks",
    answer: "403",
  },
  {
    title: "Held against the row",
    text: "Another user's row does not exist for you.",
    shown: "GET /api/you/tasks/17",
    answer: "404",
  },
] as const;

/** The road of one request, and where each refusal is decided. */
export function RequestRoad() {
  return (
    <ol aria-label="The road of one request" className="rounded-panel border border-line bg-surface">
      {steps.map(({ title, text, shown, answer }, index) => (
        <li key={title} className="grid gap-1.5 border-line p-5 not-first:border-t">
          <div className="flex items-baseline gap-3">
            <span aria-hidden className="eyebrow">
              {index + 1}
            </span>
            <h2 className="font-medium">{title}</h2>
          </div>
          <p className="pl-5 text-sm leading-6 text-soft">{text}</p>
          <p className="mt-1 ml-5 flex items-center justify-between gap-4 font-mono text-[0.8125rem]">
            <span className="wrap-anywhere">{shown}</span>
            <span
              className={classNames(
                "rounded px-1.5 py-0.5 font-medium",
                answer === "200" ? "bg-good-wash text-good" : "bg-danger-wash text-danger",
              )}
            >
              {answer}
            </span>
          </p>
        </li>
      ))}
    </ol>
  );
}
