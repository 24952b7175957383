import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { hc } from "hono/client";
import ky from "ky";
import createClient from "openapi-fetch";
import { authFetch } from "@/lib/auth-client";
import type { AppRouter, AppType, paths } from "@/lib/own-api";

const api = "http://localhost:8000";

export const honoClient = hc<AppType>(api, { fetch: authFetch });

export const openapiClient = createClient<paths>({ baseUrl: api, fetch: authFetch });

export const kyClient = ky.create({ prefix: api, fetch: authFetch });

export const trpcClient = createTRPCClient<AppRouter>({
  links: [httpBatchLink({ url: `${api}/trpc`, fetch: (url, init) => authFetch(url, init as RequestInit) })],
});
