interface PolicyOptions {
  /** Fresh random text: only scripts and styles that carry it run. */
  readonly nonce: string;
  /** Where the browser may fetch from besides this application. */
  readonly apiOrigin: string;
  /** The application itself is reached by https. */
  readonly secure: boolean;
  /** The development server evaluates code and listens for reloads. */
  readonly development: boolean;
}

/**
 * The Content-Security-Policy of a page (CSP Level 3). Scripts need the nonce, or are loaded by one that has it; nothing
 * comes from another origin, and data goes to this application and the API alone.
 */
export function contentSecurityPolicy({ nonce, apiOrigin, secure, development }: PolicyOptions): string {
  const directives: Readonly<Record<string, readonly string[]>> = {
    "default-src": ["'none'"],
    "script-src": [`'nonce-${nonce}'`, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])],
    "style-src": ["'self'", development ? "'unsafe-inline'" : `'nonce-${nonce}'`],
    // Positions of menus and bars are style attributes; they can load and run nothing.
    "style-src-attr": ["'unsafe-inline'"],
    "connect-src": ["'self'", apiOrigin, ...(development ? ["ws:"] : [])],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "manifest-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    ...(secure ? { "upgrade-insecure-requests": [] } : {}),
  };
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(" "))
    .join("; ");
}
