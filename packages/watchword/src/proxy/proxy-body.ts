import { ProxyRefusal } from "./proxy-refusal.ts";

/** The body of a request on its way to the API. */
export interface ProxyBody {
  /** What is sent. `null` for none. */
  readonly content: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | null;
  /** Whether it can be sent a second time. */
  readonly repeatable: boolean;
  /** Whether it turned out to be too large while it was sent. */
  readonly overrun: () => boolean;
}

/** What is held in memory so that it can be sent again, in bytes; what is larger, or does not say how large it is, flows through. */
const KEPT_BYTES = 65_536;

/**
 * The body of a request, counted.
 *
 * @param maxBytes most that is passed on
 * @throws ProxyRefusal `body_too_large`; `malformed_request` for a length that is none
 */
export async function proxyBody(request: Request, maxBytes: number): Promise<ProxyBody> {
  const length = request.headers.get("content-length");
  if (length !== null && !/^[0-9]{1,15}$/.test(length)) throw new ProxyRefusal("malformed_request");
  if (length !== null && Number(length) > maxBytes) throw new ProxyRefusal("body_too_large");
  if (request.body === null) return { content: null, repeatable: true, overrun: () => false };
  let overrun = false;
  const counted = (request.body as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(
    counter(maxBytes, () => {
      overrun = true;
    }),
  );
  if (length === null || Number(length) > KEPT_BYTES) {
    return { content: counted, repeatable: false, overrun: () => overrun };
  }
  const bytes = new Uint8Array(await new Response(counted).arrayBuffer());
  return { content: bytes.length === 0 ? null : bytes, repeatable: true, overrun: () => overrun };
}

function counter(maxBytes: number, onOverrun: () => void) {
  let count = 0;
  return new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      count += chunk.byteLength;
      if (count <= maxBytes) return controller.enqueue(chunk);
      onOverrun();
      controller.error(new ProxyRefusal("body_too_large"));
    },
  });
}
