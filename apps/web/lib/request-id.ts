import { requestIdFrom } from "watchword";

const header = "X-Request-Id";

/** The request's own id when it may stand in a log, otherwise a new one. */
export const requestIdOf = (headers: Pick<Headers, "get">): string => requestIdFrom(headers.get(header));

/** Lets a handler and whatever it logs know the request by its id, and tells it with the answer. */
export function identified(
  handler: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const id = requestIdOf(request.headers);
    // In place: what Next.js hands over cannot be copied by `new Request`.
    request.headers.set(header, id);
    const answer = await handler(request);
    answer.headers.set(header, id);
    return answer;
  };
}
