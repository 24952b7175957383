import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ServerBindings } from "./environment.ts";
import type { Api } from "./operations.ts";
import { reduceTarget } from "./raw-target.ts";

/** What Node says of a request that its parser gave up on; `rawPacket` is the piece it stopped in, `bytesParsed` where. */
export type ParserFault = Error & { code?: string; rawPacket?: Buffer; bytesParsed?: number };

interface RequestHead {
  target: string;
  fields: string;
}

const requestHead =
  /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ (?<target>\S+) HTTP\/1\.[01]\r?\n(?<fields>(?:[^\r\n]+\r?\n)*)\r?\n/;

/** A request line without a target is no request line (RFC 9112 §3). */
const emptyTarget = /^\S+ +HTTP\/1\.[01]\r?\n/;

/** Every method without a route is answered alike, so this one stands for all that Node does not know. */
const unknownMethod = "UNKNOWN";

/**
 * Answers what Node's parser gives up on in the form of every other answer, and ends the connection: an unknown method
 * (405, or 404 where the path names nothing), a target that cannot be read (404), and what is not HTTP (400).
 */
export function answerUnparsed(api: Api, fault: ParserFault, socket: Duplex): void {
  socket.on("error", () => socket.destroy());
  if (!socket.writable || fault.code === "ECONNRESET") socket.destroy();
  else
    answerTo(api, fault).then(
      (bytes) => socket.end(bytes),
      () => socket.destroy(),
    );
}

/** Answers CONNECT, which asks for a proxy: its target names nothing here. */
export function answerConnect(api: Api, socket: Duplex): void {
  answerUnparsed(api, Object.assign(new Error("CONNECT"), { code: "HPE_INVALID_URL" }), socket);
}

async function answerTo(api: Api, fault: ParserFault): Promise<Buffer> {
  const head = headOf(fault);
  const target = head && reduceTarget(head.target);
  const refusedAs = refusalOf(fault, head, target);
  const request = new Request(`http://localhost${target ?? "/"}`, {
    method: unknownMethod,
    headers: passedOn(head),
  });
  const response = await api.fetch(request, refusedAs === null ? {} : { refusedAs });
  return serialize(response);
}

function headOf(fault: ParserFault): RequestHead | null {
  const groups = requestHead.exec(packetOf(fault))?.groups;
  return groups ? { target: groups["target"] ?? "", fields: groups["fields"] ?? "" } : null;
}

/** The piece, from its request line on where that is at fault: other requests may stand before it. */
function packetOf({ code, rawPacket, bytesParsed = 0 }: ParserFault): string {
  const packet = rawPacket?.toString("latin1") ?? "";
  const isLine = code === "HPE_INVALID_METHOD" && bytesParsed > 0;
  return isLine ? packet.slice(packet.lastIndexOf("\n", bytesParsed - 1) + 1) : packet;
}

function refusalOf(
  { code, rawPacket }: ParserFault,
  head: RequestHead | null,
  target: string | null,
): ServerBindings["refusedAs"] | null {
  if (code === "HPE_INVALID_URL")
    return emptyTarget.test(rawPacket?.toString("latin1") ?? "") ? "malformed_request" : "not_found";
  if (code !== "HPE_INVALID_METHOD" || head === null) return "malformed_request";
  return target === null ? "not_found" : null;
}

/** The fields that shape an answer; a credential is not among them. */
function passedOn(head: RequestHead | null): Record<string, string> {
  const lines = head?.fields.matchAll(/^(origin|x-request-id):[ \t]*([\x21-\x7e]*)[ \t]*\r?$/gim) ?? [];
  return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name.toLowerCase(), value]));
}

async function serialize(response: Response): Promise<Buffer> {
  const body = Buffer.from(await response.arrayBuffer());
  response.headers.set("Connection", "close");
  response.headers.set("Content-Length", String(body.byteLength));
  const fields = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const statusLine = `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}\r\n`;
  return Buffer.concat([Buffer.from(`${statusLine}${fields}\r\n`, "latin1"), body]);
}
