import type { Metadata } from "next";
import defaults from "../../../../../contract/defaults.json";
import { UnderTheHoodScreen } from "../../../components/under-the-hood/screen.tsx";
import { requireUser } from "../../../lib/session.ts";

export const metadata: Metadata = { title: "Under the hood" };

export default async function UnderTheHoodPage() {
  await requireUser("/under-the-hood");
  return <UnderTheHoodScreen clockToleranceSeconds={defaults.token.clock_tolerance_seconds.value} />;
}
