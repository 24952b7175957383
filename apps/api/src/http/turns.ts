import type { RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

const stallMilliseconds = 20_000;
/** The answer to the newest request of each connection. */
const newest = new WeakMap<Duplex, ServerResponse>();

/**
 * Lets the requests of one connection have their turn one after another. Node hands over all that a client sends at once,
 * so a request could be decided before the one in front of it, and a client that sends much and reads nothing could make
 * answers without end, which are kept until it reads them. A client that does not read for `stalledAfter` is dropped.
 *
 * @see RFC 9112 section 9.3.2
 */
export function inTurn(serve: RequestListener, stalledAfter: number = stallMilliseconds): RequestListener {
  return (incoming, outgoing) => {
    const { socket } = incoming;
    const begin = () => {
      if (socket.destroyed) return;
      outgoing.setTimeout(stalledAfter, () => endStalled(socket));
      serve(incoming, outgoing);
    };
    afterOthers(socket, begin);
    newest.set(socket, outgoing);
  };
}

/**
 * Does something at its turn: when all requests that came before on the connection are answered. One that has not come
 * whole is not waited for: it is what cannot be read.
 */
export function afterOthers(socket: Duplex, begin: () => void): void {
  const before = newest.get(socket);
  if (before === undefined || before.writableFinished || !before.req.complete) begin();
  else before.once("close", begin);
}

/** Nothing has moved for a while. Where nothing waits for the client, it is the client who waits. */
function endStalled(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}
