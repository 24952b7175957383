import type { Metadata } from "next";
import { headers } from "next/headers";
import Link from "next/link";
import { AuthCard } from "../../../components/auth/auth-card.tsx";
import { ForgotPasswordForm } from "../../../components/auth/forgot-password-form.tsx";
import { Notice } from "../../../components/ui/notice.tsx";
import { configuration } from "../../../lib/configuration.ts";

export const metadata: Metadata = { title: "Forgot your password?" };

export default async function ForgotPasswordPage() {
  await headers(); // Dynamic: a build has no configuration.
  const { mail } = configuration();
  return (
    <AuthCard
      title="Forgot your password?"
      aside={
        <>
          Remembered it?{" "}
          <Link href="/login" className="prose-link">
            Sign in
          </Link>
        </>
      }
    >
      {mail.kind === "none" ? (
        <Notice tone="danger">
          This server sends no mail, so it cannot send you a link. Ask whoever runs it to set SMTP_URL.
        </Notice>
      ) : (
        <>
          <p className="mb-6 leading-7 text-pretty text-soft">
            Enter the address of your account. You get a link that lets you choose a new password.
          </p>
          <ForgotPasswordForm way={mail.kind === "smtp" ? "mail" : "log"} />
        </>
      )}
    </AuthCard>
  );
}
