import type { Metadata } from "next";
import { TaskScreen } from "../../../components/tasks/task-screen.tsx";
import { requireUser } from "../../../lib/session.ts";

export const metadata: Metadata = { title: "Tasks" };

export default async function TasksPage() {
  await requireUser("/tasks");
  return <TaskScreen />;
}
