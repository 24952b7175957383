import type { RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";

const stallMilliseconds = 20_000;

/**
 * Lets the requests of one connection have their turn one after another. Node hands over all that a client sends at once,
 * so a request could be decided before the one in front of it, and a client that sends much and reads nothing could make
 * answers without end, which are kept until it reads them. A client that does not read for `stalledAfter` is dropped.
 *
 * @see RFC 9112 section 9.3.2
 */
export function inTurn(serve: RequestListener, stalledAfter: number = stallMilliseconds): RequestListener {
  const newest = new WeakMap<Socket, ServerResponse>();
  return (incoming, outgoing) => {
    const { socket } = incoming;
    const before = newest.get(socket);
    newest.set(socket, outgoing);
    const begin = () => {
      if (socket.destroyed) return;
      outgoing.setTimeout(stalledAfter, () => endStalled(socket));
      serve(incoming, outgoing);
    };
    if (before === undefined || before.writableFinished) begin();
    else before.once("close", begin);
  };
}

/** Nothing has moved for a while. Where nothing waits for the client, it is the client who waits. */
function endStalled(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}
