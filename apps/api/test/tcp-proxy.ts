import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A way to a database that a test can cut and open again. */
export interface TcpProxy {
  /** The address with the proxy's host and port in place of its own. */
  readonly url: string;
  /** Cuts every connection and takes no new one. */
  cut(): Promise<void>;
  /** Takes connections again, at the same port. */
  open(): Promise<void>;
}

export async function tcpProxyTo(address: string): Promise<TcpProxy> {
  const target = new URL(address);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  let server: Server;
  const listen = async (port: number) => {
    server = createServer((inward) => {
      const outward = connect(Number(target.port || 5432), target.hostname);
      keep(inward);
      keep(outward);
      inward.pipe(outward).pipe(inward);
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const url = new URL(address);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    async cut() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async open() {
      await listen(port);
    },
  };
}
