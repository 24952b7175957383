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
    shown: "A forged or missing token",
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
    shown: "GET /api/you/tasks/their-row",
    answer: "404",
  },
] as const;

/** The road of one request, and where each refusal is decided. */
export function RequestRoad() {
  return (
    <ol aria-label="The road of one request" className="lg:mt-2">
      {steps.map(({ title, text, shown, answer }) => {
        const passes = answer === "200";
        return (
          <li
            key={title}
            className="relative pb-9 pl-9 not-last:before:absolute not-last:before:top-[1.1rem] not-last:before:-bottom-[0.4rem] not-last:before:left-[0.3125rem] not-last:before:w-px not-last:before:bg-line-strong last:pb-0"
          >
            <span
              aria-hidden
              className={classNames(
                "absolute top-[0.4rem] left-0 size-[0.6875rem] rounded-full border-2 bg-paper",
                passes ? "border-accent bg-accent" : "border-line-strong",
              )}
            />
            <h2 className="font-medium">{title}</h2>
            <p className="mt-1 text-[0.9375rem] leading-6 text-pretty text-soft">{text}</p>
            <p className="mt-2.5 flex items-baseline gap-3 font-mono text-[0.8125rem]">
              <span className={classNames("font-semibold", passes ? "text-good" : "text-danger")}>
                {answer}
              </span>
              <span className="wrap-anywhere">{shown}</span>
            </p>
          </li>
        );
      })}
    </ol>
  );
}
