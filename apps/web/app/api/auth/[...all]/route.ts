import { toNextJsHandler } from "better-auth/next-js";
import { auth } from "../../../../lib/auth.ts";
import { identified } from "../../../../lib/request-id.ts";

export const { GET, POST } = toNextJsHandler(identified((request) => auth().handler(request)));
