"use client";

import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import type { UserList } from "@watchword/todo-client";
import { useSession } from "../session/session-provider.tsx";
import { Button } from "../ui/button.tsx";
import { PageTitle } from "../ui/page-title.tsx";
import { RequestError } from "../ui/request-error.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { UserTable } from "./user-table.tsx";

/** Everyone whom the API knows, for administrators. */
export function UserScreen() {
  const { api, user } = useSession();
  const queryKey = ["users", user.id] as const;
  const list = useInfiniteQuery<UserList, Error, InfiniteData<UserList, number>, typeof queryKey, number>({
    queryKey,
    queryFn: ({ pageParam, signal }) => api.listUsers(pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((sum, page) => sum + page.items.length, 0);
      return last.items.length > 0 && loaded < last.total ? loaded : undefined;
    },
  });
  const total = list.data?.pages[0]?.total;

  return (
    <>
      <PageTitle title="Users">
        Everyone who has opened their profile at the API. It hands the list out because your token says that
        you are an administrator.
      </PageTitle>
      {list.isPending ? (
        <div role="status" className="grid gap-3">
          <span className="sr-only">Loading the users</span>
          <Skeleton className="h-10" />
          <Skeleton className="h-10" />
        </div>
      ) : null}
      {list.isError ? (
        <RequestError
          error={list.error}
          title="The users could not be loaded"
          forbidden="This page is for administrators"
          pending={list.isFetching}
          onRetry={() => list.refetch()}
        />
      ) : null}
      {list.data ? (
        <>
          <p className="eyebrow mb-3" aria-live="polite">
            {total === 1 ? "1 user" : `${total} users`}
          </p>
          <UserTable users={list.data.pages.flatMap((page) => page.items)} ownId={user.id} />
        </>
      ) : null}
      {list.hasNextPage ? (
        <div className="mt-6 text-center">
          <Button variant="secondary" pending={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
    </>
  );
}
