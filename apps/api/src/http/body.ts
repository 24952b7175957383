import type { Context } from "hono";
import { ApiProblem } from "./api-problem.ts";
import { type ApiEnvironment, serverBindings } from "./environment.ts";
import { readJsonDocument } from "./json-document.ts";

const maxBodyBytes = 65_536;
const jsonMediaType = /^application\/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?$/i;

/**
 * Reads the body as a JSON document.
 *
 * @throws ApiProblem in this order: `body_too_large` (413), `unsupported_media_type` (415), `malformed_body` (400).
 */
export async function readJson(c: Context<ApiEnvironment>): Promise<unknown> {
  return parse(c, await readBytes(c));
}

/** Reads the body as {@link readJson} does, or gives an empty object when there is none. */
export async function readOptionalJson(c: Context<ApiEnvironment>): Promise<unknown> {
  const bytes = await readBytes(c);
  return bytes.length === 0 ? {} : parse(c, bytes);
}

function parse(c: Context<ApiEnvironment>, bytes: Uint8Array): unknown {
  const mediaType = c.req.header("Content-Type");
  const acceptable = mediaType === undefined ? bytes.length === 0 : jsonMediaType.test(mediaType);
  if (!acceptable) throw new ApiProblem("unsupported_media_type");
  const document = readJsonDocument(bytes);
  if (document === null) throw new ApiProblem("malformed_body");
  return document.value;
}

async function readBytes(c: Context<ApiEnvironment>): Promise<Uint8Array> {
  if (Number(c.req.header("Content-Length") ?? 0) > maxBodyBytes) throw new ApiProblem("body_too_large");
  allowBody(c);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = c.req.raw.body?.getReader();
  for (let chunk = await nextChunk(reader); chunk !== undefined; chunk = await nextChunk(reader)) {
    length += chunk.byteLength;
    if (length > maxBodyBytes) throw new ApiProblem("body_too_large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

type BodyReader = ReadableStreamDefaultReader<Uint8Array>;

async function nextChunk(reader: BodyReader | undefined): Promise<Uint8Array | undefined> {
  try {
    return (await reader?.read())?.value;
  } catch (cause) {
    throw new ApiProblem("malformed_body", { cause });
  }
}

/**
 * A client that asked before sending its body is told to go on only here, when nothing stands against the request. One
 * that was refused may send the body all the same, or not, so its connection is closed (see server.ts).
 *
 * @see RFC 9110 section 10.1.1
 */
function allowBody(c: Context<ApiEnvironment>): void {
  const { incoming, outgoing } = serverBindings(c);
  if (incoming?.headers.expect?.toLowerCase() !== "100-continue") return;
  outgoing?.writeContinue();
  outgoing?.removeHeader("Connection");
}
