import type { Metadata } from "next";
import { TokenScreen } from "../../../components/token/token-screen.tsx";
import { requireUser } from "../../../lib/session.ts";

export const metadata: Metadata = { title: "Your token" };

export default async function TokenPage() {
  await requireUser("/token");
  return <TokenScreen />;
}
