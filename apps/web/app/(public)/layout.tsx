import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { PublicFrame } from "../../components/shell/public-frame.tsx";
import { configuration } from "../../lib/configuration.ts";
import { themeCookie, themeFrom } from "../../lib/theme.ts";

export default async function PublicLayout({ children }: { children: ReactNode }) {
  const theme = themeFrom((await cookies()).get(themeCookie)?.value);
  return (
    <PublicFrame apiUrl={configuration().api.browserUrl} theme={theme}>
      {children}
    </PublicFrame>
  );
}
