"use client";

import { Search } from "lucide-react";
import type { RefObject } from "react";
import type { TaskFilter } from "../../lib/task.ts";
import { Input } from "../ui/input.tsx";
import { Segmented } from "../ui/segmented.tsx";

const filters = [
  { value: "all", label: "All" },
  { value: "open", label: "Open" },
  { value: "done", label: "Done" },
] as const;

interface TaskToolbarProps {
  filter: TaskFilter;
  onFilter: (filter: TaskFilter) => void;
  search: string;
  onSearch: (search: string) => void;
  searchRef: RefObject<HTMLInputElement | null>;
  /** How many tasks the list has; unknown while it loads. */
  total: number | undefined;
}

export function TaskToolbar({ filter, onFilter, search, onSearch, searchRef, total }: TaskToolbarProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3 border-b border-line pb-3">
      <Segmented label="Show" name="filter" value={filter} options={filters} onChange={onFilter} />
      <p aria-live="polite" className="eyebrow min-w-16">
        {total === undefined ? "" : total === 1 ? "1 task" : `${total} tasks`}
      </p>
      <div className="relative ml-auto w-full sm:w-60">
        <Search aria-hidden className="pointer-events-none absolute top-3 left-3 size-4 text-soft" />
        <Input
          ref={searchRef}
          type="search"
          value={search}
          onChange={(event) => onSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            if (search) onSearch("");
            else event.currentTarget.blur();
          }}
          maxLength={200}
          aria-label="Search tasks"
          placeholder="Search"
          className="pl-9"
        />
      </div>
    </div>
  );
}
