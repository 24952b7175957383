/** Rows per request when a list is paged. */
export const pageSize = 50;
