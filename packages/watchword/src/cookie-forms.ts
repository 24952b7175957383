/** What a browser is told to forget. */
export interface CookieForms {
  readonly name: string;
  /** Where the application is: the cookie may be of this host, of a domain above it, or of a path on the way. */
  readonly url: URL;
  readonly secure: boolean;
  /** `Domain` that the application itself sets. */
  readonly domain?: string | undefined;
}

/**
 * `Set-Cookie` values that remove a cookie in every form in which a browser may hold it: for the host alone and for each domain
 * above it, for `/` and for each path above the address (RFC 6265 §5.3: name, domain and path tell cookies apart).
 */
export function removeCookie({ name, url, secure, domain: own }: CookieForms): readonly string[] {
  const labels = url.hostname.split(".");
  const above = labels.slice(0, -1).map((_, index) => labels.slice(index).join("."));
  const domains = new Set([undefined, own?.replace(/^\./, ""), ...above]);
  const steps = url.pathname.split("/").filter((step) => step !== "");
  const paths = ["/", ...steps.map((_, index) => `/${steps.slice(0, index + 1).join("/")}`)];
  const flags = `; Max-Age=0; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
  return [...domains].flatMap((domain) =>
    paths.map((path) => `${name}=; Path=${path}${domain === undefined ? "" : `; Domain=${domain}`}${flags}`),
  );
}
