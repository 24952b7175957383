import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { AuthCard } from "../../../components/auth/auth-card.tsx";
import { SignInForm } from "../../../components/auth/sign-in-form.tsx";
import { SocialButtons } from "../../../components/auth/social-buttons.tsx";
import { Notice } from "../../../components/ui/notice.tsx";
import { configuration } from "../../../lib/configuration.ts";
import { type SearchParams, safeReturnUrl } from "../../../lib/return-url.ts";
import { readUserFromDatabase } from "../../../lib/session.ts";
import { configuredProviders } from "../../../lib/social-setting.ts";

export const metadata: Metadata = { title: "Sign in" };

export default async function LoginPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { returnUrl: asked, error, done } = await searchParams;
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
      <Reason error={error} done={done} />
      <SignInForm returnUrl={returnUrl} />
      <SocialButtons providers={configuredProviders(configuration().social)} returnUrl={returnUrl} />
    </AuthCard>
  );
}

type Reasons = Readonly<Record<string, readonly [tone: "info" | "danger", text: string]>>;

const errors: Reasons = {
  session_expired: ["info", "Sign in to go on. If you were signed in before, that session has ended."],
  link_refused: [
    "danger",
    "This link is no longer good: it was not copied whole, or an hour has passed. Sign in to get another one.",
  ],
  social: ["danger", "Signing in with the other service did not work. Try again, or use your password."],
};

const news: Reasons = {
  password_reset: ["info", "Your new password is saved, and every session has ended. Sign in with it."],
  account_deleted: ["info", "Your account is deleted."],
};

/** Why the visitor is here, when something led them. */
function Reason({ error, done }: Pick<SearchParams, "error" | "done">) {
  const notice = reasonIn(errors, error) ?? reasonIn(news, done);
  if (!notice) return null;
  return (
    <div className="mb-6">
      <Notice tone={notice[0]}>{notice[1]}</Notice>
    </div>
  );
}

function reasonIn(reasons: Reasons, name: SearchParams[string]) {
  return typeof name === "string" && Object.hasOwn(reasons, name) ? reasons[name] : undefined;
}
