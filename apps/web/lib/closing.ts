// On globalThis: the start of the server and the proxy are bundled apart.
const shared = globalThis as typeof globalThis & { watchwordClosing?: AbortController };

/** Fires when this server is told to stop. */
export function closing(): AbortController {
  shared.watchwordClosing ??= new AbortController();
  return shared.watchwordClosing;
}
