"use client";

import { useQuery } from "@tanstack/react-query";
import { NetworkError, type TokenGrant } from "watchword/client";
import type { Api } from "../../lib/api.ts";
import { decodeUnverified, type UnverifiedToken } from "../../lib/decode-token.ts";
import { leaveIfSessionEnded } from "../session/session-end.ts";
import { useSession } from "../session/session-provider.tsx";

/** A token of the signed-in user, as the web app gave it. */
export interface OwnToken {
  readonly text: string;
  readonly parts: UnverifiedToken;
  /** Seconds from issue to expiry. */
  readonly lifeSeconds: number;
  /**
   * When the token ends on this device's clock, in epoch milliseconds: arrival plus the remaining life that the server
   * named. So a clock that is wrong changes nothing.
   */
  readonly endsAt: number;
}

/** A fresh API token of the signed-in user, kept in memory while it is looked at. */
export function useOwnToken() {
  const { api, proxied } = useSession();
  return useQuery({
    queryKey: ["own-token"],
    queryFn: () => taken(api.newToken()),
    // Behind the proxy the page gets none.
    enabled: !proxied,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** A token of the signed-in user with the shortest life that the app gives. */
export function fetchShortToken(api: Api): Promise<OwnToken> {
  return taken(api.shortToken());
}

/** A token of the signed-in user that was made for another API. */
export function fetchTokenForAnotherApi(api: Api): Promise<OwnToken> {
  return taken(api.tokenForAnotherApi());
}

async function taken(asked: Promise<TokenGrant | null>): Promise<OwnToken> {
  const grant = (await asked) ?? (await missing());
  const parts = decodeUnverified(grant.token);
  const { exp, iat } = parts.payload;
  const lifeSeconds = typeof exp === "number" && typeof iat === "number" ? exp - iat : grant.expiresIn;
  return { text: grant.token, parts, lifeSeconds, endsAt: Date.now() + grant.expiresIn * 1000 };
}

async function missing(): Promise<never> {
  await leaveIfSessionEnded();
  throw new NetworkError("The app gave no token. Wait a moment and try again.");
}
