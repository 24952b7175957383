import type { Algorithm } from "../keys/algorithms.ts";

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
  /** The one found last: comparing its text is cheaper than looking it up, which reads every character for its hash. */
  #last: readonly [segment: string, header: CheckedHeader] | undefined;

  find(segment: string): CheckedHeader | undefined {
    if (this.#last !== undefined && this.#last[0] === segment) return this.#last[1];
    const header = this.#headers.get(segment);
    if (header !== undefined) this.#last = [segment, header];
    return header;
  }

  /** @param header what {@link find} returned is not taken up again. */
  remember(segment: string, header: CheckedHeader): void {
    if (header === this.#last?.[1] || this.#headers.size >= maxHeaders) return;
    this.#headers.set(segment, header);
  }
}
