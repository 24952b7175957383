"use client";

import type { PostList } from "@watchword/todo-client";
import { useSession } from "../session/session-provider.tsx";
import { PostScreen } from "./post-screen.tsx";

export function OwnPosts({ first }: { first: PostList | null }) {
  const { api, user } = useSession();
  return <PostScreen api={api} userId={user.id} first={first} />;
}
