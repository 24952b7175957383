import type { ReactNode } from "react";

interface AuthCardProps {
  title: string;
  /** The other way in, below the form. */
  aside: ReactNode;
  children: ReactNode;
}

export function AuthCard({ title, aside, children }: AuthCardProps) {
  return (
    <div className="mx-auto w-full max-w-sm py-10 sm:py-16">
      <h1 className="mb-6 text-2xl font-semibold tracking-tight">{title}</h1>
      {children}
      <p className="mt-6 text-sm text-soft">{aside}</p>
    </div>
  );
}
