import { cookies } from "next/headers";
import Link from "next/link";
import type { ReactNode } from "react";
import { SessionProvider } from "../../components/session/session-provider.tsx";
import { AccountMenu } from "../../components/shell/account-menu.tsx";
import { Footer } from "../../components/shell/footer.tsx";
import { Wordmark } from "../../components/shell/mark.tsx";
import { NavLinks } from "../../components/shell/nav-links.tsx";
import { ToastProvider } from "../../components/ui/toast.tsx";
import { configuration } from "../../lib/configuration.ts";
import { readUser } from "../../lib/session.ts";
import { themeCookie, themeFrom } from "../../lib/theme.ts";

/** The frame of the signed-in application. Each page inside it demands the session itself. */
export default async function AppLayout({ children }: { children: ReactNode }) {
  const user = await readUser();
  if (!user) return children; // The page redirects.
  const { apiUrl } = configuration();
  const theme = themeFrom((await cookies()).get(themeCookie)?.value);
  return (
    <SessionProvider key={user.id} user={user} apiUrl={apiUrl}>
      <ToastProvider>
        <div className="flex min-h-dvh flex-col">
          <header className="border-b border-line">
            <div className="mx-auto flex h-14 w-full max-w-page items-center gap-3 px-5 sm:gap-6 sm:px-8">
              <Link href="/tasks" className="flex rounded-control">
                <Wordmark compact />
              </Link>
              <NavLinks />
              <div className="ml-auto">
                <AccountMenu />
              </div>
            </div>
          </header>
          <main className="mx-auto w-full max-w-page flex-1 px-5 py-10 sm:px-8">{children}</main>
          <Footer apiUrl={apiUrl} theme={theme} />
        </div>
      </ToastProvider>
    </SessionProvider>
  );
}
