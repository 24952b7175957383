"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import type { PostList } from "@watchword/todo-client";
import { useState } from "react";
import { createVisitorApi } from "../../lib/api.ts";
import { createQueryClient } from "../session/query-client.ts";
import { ToastProvider } from "../ui/toast.tsx";
import { PostScreen } from "./post-screen.tsx";

export function VisitorPosts({ apiUrl, first }: { apiUrl: string; first: PostList | null }) {
  const [api] = useState(() => createVisitorApi(apiUrl));
  const [queryClient] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <ToastProvider>
        <PostScreen api={api} userId={null} first={first} />
      </ToastProvider>
    </QueryClientProvider>
  );
}
