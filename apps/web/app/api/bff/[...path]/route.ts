import type { ProxyHandler } from "watchword/next";
import { apiProxy } from "../../../../lib/api-proxy.ts";

const pass: ProxyHandler = (request, context) => apiProxy()(request, context);

export { pass as DELETE, pass as GET, pass as HEAD, pass as PATCH, pass as POST, pass as PUT };
