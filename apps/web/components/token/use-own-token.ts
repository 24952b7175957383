"use client";

import { useQuery } from "@tanstack/react-query";
import { NetworkError } from "countersign/client";
import { authClient } from "../../lib/auth-client.ts";
import { decodeUnverified, type UnverifiedToken } from "../../lib/decode-token.ts";
import { leaveIfSessionEnded } from "../session/session-end.ts";

export interface OwnToken {
  readonly text: string;
  readonly parts: UnverifiedToken;
  /** Seconds from issue to expiry. */
  readonly lifeSeconds: number;
  /** When the token ends on this device's clock, in epoch milliseconds: arrival plus remaining life. */
  readonly endsAt: number;
}

/** A fresh API token of the signed-in user, kept in memory while it is looked at. */
export function useOwnToken() {
  return useQuery({
    queryKey: ["own-token"],
    queryFn: fetchOwnToken,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

async function fetchOwnToken(): Promise<OwnToken> {
  const { data, error } = await authClient.token();
  if (!data) {
    if (error?.status === 401) await leaveIfSessionEnded();
    throw new NetworkError("The app gave no token. Wait a moment and try again.", { cause: error });
  }
  const parts = decodeUnverified(data.token);
  const { exp, iat } = parts.payload;
  const lifeSeconds = typeof exp === "number" && typeof iat === "number" ? exp - iat : data.expiresIn;
  return { text: data.token, parts, lifeSeconds, endsAt: Date.now() + data.expiresIn * 1000 };
}
