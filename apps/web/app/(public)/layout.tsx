import { cookies } from "next/headers";
import Link from "next/link";
import type { ReactNode } from "react";
import { Footer } from "../../components/shell/footer.tsx";
import { Wordmark } from "../../components/shell/mark.tsx";
import { configuration } from "../../lib/configuration.ts";
import { themeCookie, themeFrom } from "../../lib/theme.ts";

/** The frame of the pages for visitors who are not signed in. */
export default async function PublicLayout({ children }: { children: ReactNode }) {
  const theme = themeFrom((await cookies()).get(themeCookie)?.value);
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="mx-auto flex h-14 w-full max-w-page items-center px-5 sm:px-8">
        <Link href="/" className="flex rounded-control">
          <Wordmark />
        </Link>
      </header>
      <main className="mx-auto flex w-full max-w-page flex-1 flex-col px-5 sm:px-8">{children}</main>
      <Footer apiUrl={configuration().apiUrl} theme={theme} />
    </div>
  );
}
