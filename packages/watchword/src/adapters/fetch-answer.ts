import type { WatchwordError } from "../errors.ts";
import { toProblem, type ValidationFault } from "../guard/problem.ts";

/** The answer to a refusal: its problem document. */
export function toProblemResponse(error: WatchwordError, errors?: readonly ValidationFault[]): Response {
  const { status, headers, body } = toProblem(error, errors);
  return new Response(JSON.stringify(body), { status, headers });
}

/** What depends on the caller is not stored, unless the handler has said something about it. */
export function uncached(response: Response): Response {
  if (response.headers.has("Cache-Control")) return response;
  // The headers of a response that `fetch` gave cannot be changed.
  const answer = new Response(response.body, response);
  answer.headers.set("Cache-Control", "no-store");
  return answer;
}
