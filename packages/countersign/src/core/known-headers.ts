import type { Algorithm } from "./algorithms.ts";

/** What the header of a token says once it has been checked (CS-4 to CS-7). */
export interface CheckedHeader {
  readonly algorithm: Algorithm;
  readonly kid: string | undefined;
}

/** More kinds of header than the issuers of one verifier use. */
const maxHeaders = 16;

/**
 * Headers that were checked and that a signature has vouched for since: the same text says the same again. An issuer
 * writes the same one into all of its tokens, and nobody else can add to these.
 */
export class KnownHeaders {
  readonly #headers = new Map<string, CheckedHeader>();

  find(segment: string): CheckedHeader | undefined {
    return this.#headers.get(segment);
  }

  remember(segment: string, header: CheckedHeader): void {
    if (this.#headers.size < maxHeaders) this.#headers.set(segment, header);
  }
}
