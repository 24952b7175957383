import { RequestError } from "../ui/request-error.tsx";

interface TaskListErrorProps {
  error: Error | null;
  pending: boolean;
  onRetry: () => void;
}

export function TaskListError(props: TaskListErrorProps) {
  return (
    <div className="pt-6">
      <RequestError
        {...props}
        title="Your tasks could not be loaded"
        forbidden="You may not see these tasks"
      />
    </div>
  );
}
