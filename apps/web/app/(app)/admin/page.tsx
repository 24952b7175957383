import type { Metadata } from "next";
import { UserScreen } from "../../../components/admin/user-screen.tsx";
import { requireUser } from "../../../lib/session.ts";

export const metadata: Metadata = { title: "Administration" };

/** Who may see the users is decided by the API, from the role in the token. */
export default async function AdminPage() {
  await requireUser("/admin");
  return <UserScreen />;
}
