import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { AuthCard } from "../../../components/auth/auth-card.tsx";
import { SignInForm } from "../../../components/auth/sign-in-form.tsx";
import { Notice } from "../../../components/ui/notice.tsx";
import { type SearchParams, safeReturnUrl } from "../../../lib/return-url.ts";
import { readUserFromDatabase } from "../../../lib/session.ts";

export const metadata: Metadata = { title: "Sign in" };

export default async function LoginPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { returnUrl: asked, error } = await searchParams;
  const returnUrl = safeReturnUrl(asked);
  if (await readUserFromDatabase()) redirect(returnUrl);
  return (
    <AuthCard
      title="Sign in"
      aside={
        <>
          New here?{" "}
          <Link href={`/sign-up?${new URLSearchParams({ returnUrl })}`} className="prose-link">
            Create an account
          </Link>
        </>
      }
    >
      {error === "session_expired" ? (
        <div className="mb-6">
          <Notice tone="info">Sign in to go on. If you were signed in before, that session has ended.</Notice>
        </div>
      ) : null}
      <SignInForm returnUrl={returnUrl} />
    </AuthCard>
  );
}
