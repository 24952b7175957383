import type { Metadata } from "next";
import { TaskScreen } from "../../../components/tasks/task-screen.tsx";
import { firstTasks } from "../../../lib/server-api.ts";
import { requireUser } from "../../../lib/session.ts";

export const metadata: Metadata = { title: "Tasks" };

export default async function TasksPage() {
  const { id } = await requireUser("/tasks");
  return <TaskScreen first={await firstTasks(id)} />;
}
