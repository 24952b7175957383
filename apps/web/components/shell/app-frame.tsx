import Link from "next/link";
import type { ReactNode } from "react";
import type { SessionUser } from "../../lib/session.ts";
import type { Theme } from "../../lib/theme.ts";
import { SessionProvider } from "../session/session-provider.tsx";
import { ToastProvider } from "../ui/toast.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { Footer } from "./footer.tsx";
import { Wordmark } from "./mark.tsx";
import { NavLinks } from "./nav-links.tsx";

interface AppFrameProps {
  user: SessionUser;
  apiUrl: string;
  theme: Theme;
  children: ReactNode;
}

/** The frame of the signed-in application. On a phone its places are a row of their own. */
export function AppFrame({ user, apiUrl, theme, children }: AppFrameProps) {
  return (
    <SessionProvider key={user.id} user={user} apiUrl={apiUrl}>
      <ToastProvider>
        <div className="flex min-h-dvh flex-col">
          <header className="border-b border-line">
            <div className="mx-auto flex w-full max-w-page flex-wrap items-center px-5 sm:h-14 sm:gap-6 sm:px-8">
              <Link href="/tasks" className="flex shrink-0 rounded-control">
                <Wordmark />
              </Link>
              <div className="flex h-14 min-w-0 flex-1 items-center justify-end pl-4 sm:order-last">
                <AccountMenu />
              </div>
              <NavLinks />
            </div>
          </header>
          <main className="mx-auto w-full max-w-page flex-1 px-5 py-10 sm:px-8">{children}</main>
          <Footer apiUrl={apiUrl} theme={theme} />
        </div>
      </ToastProvider>
    </SessionProvider>
  );
}
