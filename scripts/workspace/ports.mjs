// Is a port free? Asked before anything slow starts.
import { createServer } from "node:net";
import { StartError } from "./steps.mjs";

export function requireFreePort(host, port, setting) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", (error) => {
      reject(
        new StartError(
          error.code === "EADDRINUSE"
            ? `Port ${port} is in use. Stop what runs there, or set ${setting} to another port.`
            : error.code === "EACCES"
              ? `Port ${port} may not be used by this account. Set ${setting} to a port above 1023.`
              : `This machine cannot listen on ${host}:${port} (${error.code}). Check HOST and ${setting}.`,
        ),
      );
    });
    probe.listen({ host, port, exclusive: true }, () => probe.close(resolve));
  });
}
