import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { AppFrame } from "../../components/shell/app-frame.tsx";
import { configuration } from "../../lib/configuration.ts";
import { readUser } from "../../lib/session.ts";
import { themeCookie, themeFrom } from "../../lib/theme.ts";

/** The frame of the signed-in application. Each page inside it demands the session itself. */
export default async function AppLayout({ children }: { children: ReactNode }) {
  const user = await readUser();
  if (!user) return children; // The page redirects.
  const theme = themeFrom((await cookies()).get(themeCookie)?.value);
  return (
    <AppFrame user={user} apiUrl={configuration().api.browserUrl} theme={theme}>
      {children}
    </AppFrame>
  );
}
