"use client";

import { useSession } from "../session/session-provider.tsx";
import { PostScreen } from "./post-screen.tsx";

export function OwnPosts() {
  const { api, user } = useSession();
  return <PostScreen api={api} userId={user.id} />;
}
