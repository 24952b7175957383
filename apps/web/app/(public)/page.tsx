import Link from "next/link";
import { redirect } from "next/navigation";
import { RequestRoad } from "../../components/landing/request-road.tsx";
import { buttonStyle } from "../../components/ui/button.tsx";
import { defaultReturnUrl } from "../../lib/return-url.ts";
import { readUserFromDatabase } from "../../lib/session.ts";

export default async function LandingPage() {
  if (await readUserFromDatabase()) redirect(defaultReturnUrl);
  return (
    <div className="grid items-start gap-x-20 gap-y-16 py-14 sm:py-20 lg:grid-cols-[1.05fr_1fr]">
      <div>
        <h1 className="text-4xl leading-[1.1] font-semibold tracking-[-0.03em] text-balance sm:text-[2.75rem]">
          You sign in here. <span className="block">The API knows it is you.</span>
        </h1>
        <p className="mt-6 max-w-md text-lg leading-8 text-pretty text-soft">
          A task list that shows how an identity travels: from Better Auth in this app, through a signed
          token, to an API that checks it alone and hands out your rows only.
        </p>
        <div className="mt-8 flex flex-wrap gap-3">
          <Link href="/sign-up" className={buttonStyle("primary", "min-h-11 px-5")}>
            Create account
          </Link>
          <Link href="/login" className={buttonStyle("secondary", "min-h-11 px-5")}>
            Sign in
          </Link>
        </div>
      </div>
      <RequestRoad />
    </div>
  );
}
