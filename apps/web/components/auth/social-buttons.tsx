"use client";

import { useState } from "react";
import { authClient } from "../../lib/auth-client.ts";
import type { SocialProvider } from "../../lib/social-setting.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { useHydrated } from "../ui/use-hydrated.ts";

const names: Record<SocialProvider, string> = { github: "GitHub", google: "Google" };

/** One button for each provider whose keys the server has; nothing when it has none. */
export function SocialButtons({ providers, returnUrl }: { providers: SocialProvider[]; returnUrl: string }) {
  const [chosen, setChosen] = useState<SocialProvider>();
  const [failed, setFailed] = useState(false);
  const hydrated = useHydrated();
  if (providers.length === 0) return null;

  async function go(provider: SocialProvider) {
    setChosen(provider);
    setFailed(false);
    const { error } = await authClient.signIn
      .social({ provider, callbackURL: returnUrl, errorCallbackURL: "/login?error=social" })
      .catch((cause: unknown) => ({ error: cause }));
    if (!error) return; // The browser is on its way to the provider.
    setChosen(undefined);
    setFailed(true);
  }

  return (
    <div className="mt-6 grid gap-3">
      <p className="flex items-center gap-3 text-sm text-soft before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        or
      </p>
      {failed ? <Notice tone="danger">The provider cannot be reached. Try again in a moment.</Notice> : null}
      {providers.map((provider) => (
        <Button
          key={provider}
          variant="secondary"
          className="min-h-11"
          disabled={!hydrated || chosen !== undefined}
          pending={chosen === provider}
          onClick={() => go(provider)}
        >
          Continue with {names[provider]}
        </Button>
      ))}
    </div>
  );
}
