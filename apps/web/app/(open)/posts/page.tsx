import type { Metadata } from "next";
import { OwnPosts } from "../../../components/posts/own-posts.tsx";
import { VisitorPosts } from "../../../components/posts/visitor-posts.tsx";
import { configuration } from "../../../lib/configuration.ts";
import { readUser } from "../../../lib/session.ts";

export const metadata: Metadata = { title: "Posts" };

/** Anyone sees the public posts; who is signed in also sees their own private ones and writes. */
export default async function PostsPage() {
  return (await readUser()) ? <OwnPosts /> : <VisitorPosts apiUrl={configuration().api.browserUrl} />;
}
