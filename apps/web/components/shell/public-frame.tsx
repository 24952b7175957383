import Link from "next/link";
import type { ReactNode } from "react";
import type { Theme } from "../../lib/theme.ts";
import { Footer } from "./footer.tsx";
import { Wordmark } from "./mark.tsx";

interface PublicFrameProps {
  apiUrl: string;
  theme: Theme;
  children: ReactNode;
}

/** The frame of the pages for visitors who are not signed in. */
export function PublicFrame({ apiUrl, theme, children }: PublicFrameProps) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="mx-auto flex h-14 w-full max-w-page items-center justify-between px-5 sm:px-8">
        <Link href="/" className="flex rounded-control">
          <Wordmark />
        </Link>
        <nav aria-label="Main" className="flex gap-5 text-sm">
          <Link href="/posts" className="rounded-control py-2 text-soft hover:text-ink">
            Posts
          </Link>
          <Link href="/login" className="rounded-control py-2 text-soft hover:text-ink">
            Sign in
          </Link>
        </nav>
      </header>
      <main className="mx-auto flex w-full max-w-page flex-1 flex-col px-5 sm:px-8">{children}</main>
      <Footer apiUrl={apiUrl} theme={theme} />
    </div>
  );
}
