"use client";

import { useQuery } from "@tanstack/react-query";
import { NetworkError, type TokenGrant } from "countersign/client";
import type { Api } from "../../lib/api.ts";
import { decodeUnverified, type UnverifiedToken } from "../../lib/decode-token.ts";
import { leaveIfSessionEnded } from "../session/session-end.ts";
import { useSession } from "../session/session-provider.tsx";

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
    queryFn: () => fetchOwnToken(api),
    // Behind the proxy the page gets none.
    enabled: !proxied,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** A token of the signed-in user that was made for another API. */
export async function fetchTokenForAnotherApi(api: Api): Promise<string> {
  return (await given(api.tokenForAnotherApi())).token;
}

async function fetchOwnToken(api: Api): Promise<OwnToken> {
  const grant = await given(api.newToken());
  const parts = decodeUnverified(grant.token);
  const { exp, iat } = parts.payload;
  const lifeSeconds = typeof exp === "number" && typeof iat === "number" ? exp - iat : grant.expiresIn;
  return { text: grant.token, parts, lifeSeconds, endsAt: Date.now() + grant.expiresIn * 1000 };
}

async function given(asked: Promise<TokenGrant | null>): Promise<TokenGrant> {
  const grant = await asked;
  if (grant) return grant;
  await leaveIfSessionEnded();
  throw new NetworkError("The app gave no token. Wait a moment and try again.");
}
