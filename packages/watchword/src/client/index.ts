export {
  type ApiCallOptions,
  type ApiClient,
  type ApiClientOptions,
  createApiClient,
} from "./api-client.ts";
export { type AuthFetch, type AuthFetchInit, type AuthFetchOptions, createAuthFetch } from "./auth-fetch.ts";
export {
  AuthenticationError,
  AuthorizationError,
  NetworkError,
  NotFoundError,
  type ProblemDocument,
  ProblemError,
  type ProblemFault,
} from "./errors.ts";
export { type FetchTokenOptions, fetchToken } from "./fetch-token.ts";
export { createProxyFetch, type ProxyFetchOptions } from "./proxy-fetch.ts";
export type { SessionClient } from "./session-watch.ts";
export type { GetToken, TokenCall, TokenGrant } from "./token-source.ts";
