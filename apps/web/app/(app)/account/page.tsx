import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { DeleteAccount } from "../../../components/account/delete-account.tsx";
import { EmailSection } from "../../../components/account/email-section.tsx";
import { PasswordForm } from "../../../components/account/password-form.tsx";
import { ProfileForm } from "../../../components/account/profile-form.tsx";
import { SessionList } from "../../../components/account/session-list.tsx";
import { PageTitle } from "../../../components/ui/page-title.tsx";
import { Section } from "../../../components/ui/section.tsx";
import { hasPassword, ownSessions } from "../../../lib/account.ts";
import { configuration } from "../../../lib/configuration.ts";
import { isRefusedLink } from "../../../lib/refused-link.ts";
import { loginUrl, type SearchParams } from "../../../lib/return-url.ts";
import { readUserFromDatabase } from "../../../lib/session.ts";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { error } = await searchParams;
  const user = await readUserFromDatabase();
  if (!user) redirect(loginUrl("/account", "session_expired"));
  const [sessions, withPassword] = await Promise.all([ownSessions(), hasPassword()]);
  return (
    <>
      <PageTitle title="Account" />
      <div className="divide-y divide-line border-t border-line">
        <Section title="Profile" text="Kept by the API, which knows you by your token alone.">
          <ProfileForm />
        </Section>
        <Section title="E-mail" text="You sign in with it, and links to a new password go there.">
          <EmailSection
            email={user.email}
            verified={user.emailVerified}
            mail={configuration().mail.kind}
            linkRefused={isRefusedLink(error)}
          />
        </Section>
        {withPassword ? (
          <Section title="Password" text="Changing it ends your sessions on all other devices.">
            <PasswordForm />
          </Section>
        ) : null}
        <Section title="Sessions" text="Where you are signed in. What you do not recognise, end it.">
          <SessionList sessions={sessions} />
        </Section>
        <Section title="Delete account" text="Your account and its sessions go at once and for good.">
          <DeleteAccount withPassword={withPassword} />
        </Section>
      </div>
    </>
  );
}
