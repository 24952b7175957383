import type { Metadata } from "next";
import { ChatScreen } from "../../../components/chat/chat-screen.tsx";
import type { SearchParams } from "../../../lib/return-url.ts";
import { requireUser } from "../../../lib/session.ts";

export const metadata: Metadata = { title: "Chat" };

export default async function ChatPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { conversation } = await searchParams;
  const id = typeof conversation === "string" && /^[1-9]\d{0,8}$/.test(conversation) ? conversation : null;
  await requireUser(id ? `/chat?conversation=${id}` : "/chat");
  return <ChatScreen initial={id ? Number(id) : null} />;
}
