import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { AppFrame } from "../../components/shell/app-frame.tsx";
import { PublicFrame } from "../../components/shell/public-frame.tsx";
import { configuration } from "../../lib/configuration.ts";
import { readUser } from "../../lib/session.ts";
import { themeCookie, themeFrom } from "../../lib/theme.ts";

/** The frame of pages that anyone may see and that show more to who is signed in. */
export default async function OpenLayout({ children }: { children: ReactNode }) {
  const user = await readUser();
  const apiUrl = configuration().api.browserUrl;
  const theme = themeFrom((await cookies()).get(themeCookie)?.value);
  return user ? (
    <AppFrame user={user} apiUrl={apiUrl} theme={theme}>
      {children}
    </AppFrame>
  ) : (
    <PublicFrame apiUrl={apiUrl} theme={theme}>
      <div className="py-10">{children}</div>
    </PublicFrame>
  );
}
