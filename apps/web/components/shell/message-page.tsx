import Link from "next/link";
import type { ReactNode } from "react";
import { Wordmark } from "./mark.tsx";

interface MessagePageProps {
  code: string;
  title: string;
  text: string;
  action: ReactNode;
}

/** One message in the middle of an empty page. */
export function MessagePage({ code, title, text, action }: MessagePageProps) {
  return (
    <main className="mx-auto grid min-h-[80dvh] max-w-sm content-center justify-items-start gap-3 px-5 py-20">
      <Link href="/" className="mb-8 rounded-control">
        <Wordmark />
      </Link>
      <p className="eyebrow">{code}</p>
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      <p className="mb-3 leading-7 text-pretty text-soft">{text}</p>
      {action}
    </main>
  );
}
