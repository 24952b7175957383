import type { Metadata } from "next";
import { OwnPosts } from "../../../components/posts/own-posts.tsx";
import { VisitorPosts } from "../../../components/posts/visitor-posts.tsx";
import { configuration } from "../../../lib/configuration.ts";
import { firstPosts } from "../../../lib/server-posts.ts";
import { readUser } from "../../../lib/session.ts";

export const metadata: Metadata = { title: "Posts" };

/** Anyone sees the public posts; who is signed in also sees their own private ones and writes. */
export default async function PostsPage() {
  const user = await readUser();
  const first = await firstPosts(user?.id ?? null);
  return user ? (
    <OwnPosts first={first} />
  ) : (
    <VisitorPosts apiUrl={configuration().api.browserUrl} first={first} />
  );
}
