import { CircleAlert, Info } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

interface NoticeProps {
  tone: "danger" | "info";
  title?: string;
  children: ReactNode;
  action?: ReactNode;
}

/** A message inside a page. Errors interrupt a screen reader, information waits its turn. */
export function Notice({ tone, title, children, action }: NoticeProps) {
  const Icon = tone === "danger" ? CircleAlert : Info;
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={classNames(
        "flex items-start gap-x-3 rounded-panel px-4 py-3 text-sm leading-6",
        tone === "danger" ? "bg-danger-wash" : "bg-accent-wash",
      )}
    >
      <Icon
        aria-hidden
        className={classNames("mt-1 size-4 shrink-0", tone === "danger" ? "text-danger" : "text-accent")}
      />
      <div className="flex min-w-0 flex-1 flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div>
          {title ? <p className="font-medium">{title}</p> : null}
          <div className="text-pretty wrap-anywhere">{children}</div>
        </div>
        {action}
      </div>
    </div>
  );
}
