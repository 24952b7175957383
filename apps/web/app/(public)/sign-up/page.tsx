import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { AuthCard } from "../../../components/auth/auth-card.tsx";
import { SignUpForm } from "../../../components/auth/sign-up-form.tsx";
import { SocialButtons } from "../../../components/auth/social-buttons.tsx";
import { configuration } from "../../../lib/configuration.ts";
import { type SearchParams, safeReturnUrl } from "../../../lib/return-url.ts";
import { readUserFromDatabase } from "../../../lib/session.ts";
import { configuredProviders } from "../../../lib/social-setting.ts";

export const metadata: Metadata = { title: "Create account" };

export default async function SignUpPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const returnUrl = safeReturnUrl((await searchParams).returnUrl);
  if (await readUserFromDatabase()) redirect(returnUrl);
  const { requireEmailVerification, mail, social } = configuration();
  const way = mail.kind === "log" ? "log" : "mail";
  return (
    <AuthCard
      title="Create your account"
      aside={
        <>
          Have an account?{" "}
          <Link href={`/login?${new URLSearchParams({ returnUrl })}`} className="prose-link">
            Sign in
          </Link>
        </>
      }
    >
      <SignUpForm returnUrl={returnUrl} verifiesBy={requireEmailVerification ? way : null} />
      <SocialButtons providers={configuredProviders(social)} returnUrl={returnUrl} />
    </AuthCard>
  );
}
