import { z } from "@hono/zod-openapi";
import { integerParameter } from "./fields.ts";

/** The query parameters of every list. */
export const page = {
  limit: integerParameter({ minimum: 1, maximum: 100 }, 50),
  offset: integerParameter({ minimum: 0, maximum: 999_999_999 }, 0),
};

/** One page of a list, and how many entries there are in all. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    total: z.int().min(0),
    limit: z.int().min(1).max(100),
    offset: z.int().min(0),
  });
}
