import { Skeleton } from "../ui/skeleton.tsx";

const widths = ["w-2/5", "w-3/5", "w-1/3", "w-1/2"];

export function TaskListSkeleton() {
  return (
    <div role="status">
      <span className="sr-only">Loading your tasks</span>
      <div className="divide-y divide-line">
        {widths.map((width) => (
          <div key={width} className="flex h-14 items-center gap-4">
            <Skeleton className="size-5" />
            <Skeleton className={`h-4 ${width}`} />
          </div>
        ))}
      </div>
    </div>
  );
}
