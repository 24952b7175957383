import type { ReactNode } from "react";

interface PageTitleProps {
  title: string;
  /** One or two sentences under it. */
  children?: ReactNode;
  action?: ReactNode;
}

export function PageTitle({ title, children, action }: PageTitleProps) {
  return (
    <div className="mb-8 flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
      <div className="max-w-prose">
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        {children ? <p className="mt-2 leading-7 text-pretty text-soft">{children}</p> : null}
      </div>
      {action}
    </div>
  );
}
