import type { Metadata } from "next";
import Link from "next/link";
import { AuthCard } from "../../../components/auth/auth-card.tsx";
import { ResetPasswordForm } from "../../../components/auth/reset-password-form.tsx";
import { Notice } from "../../../components/ui/notice.tsx";
import type { SearchParams } from "../../../lib/return-url.ts";

export const metadata: Metadata = { title: "Choose a new password", referrer: "no-referrer" };

export default async function ResetPasswordPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { token } = await searchParams;
  return (
    <AuthCard
      title="Choose a new password"
      aside={
        <Link href="/forgot-password" className="prose-link">
          Ask for another link
        </Link>
      }
    >
      {typeof token === "string" && token ? (
        <>
          <p className="mb-6 leading-7 text-pretty text-soft">
            Saving it ends every session of your account, on all devices.
          </p>
          <ResetPasswordForm token={token} />
        </>
      ) : (
        <Notice tone="danger">
          This link is no longer good: it was used already, or an hour has passed. Ask for another one.
        </Notice>
      )}
    </AuthCard>
  );
}
