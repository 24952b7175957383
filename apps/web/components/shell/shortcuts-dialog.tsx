"use client";

import { Dialog } from "../ui/dialog.tsx";
import { KeyCap } from "../ui/key-cap.tsx";

const shortcuts = [
  { keys: ["n"], does: "Write a new task" },
  { keys: ["/"], does: "Search the tasks" },
  { keys: ["Enter"], does: "Add or save what you typed" },
  { keys: ["Esc"], does: "Clear the search, close a dialog" },
  { keys: ["F6"], does: "Go to the notifications" },
  { keys: ["?"], does: "Show this list" },
] as const;

export default function ShortcutsDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog {...props} title="Keyboard shortcuts">
      <dl className="divide-y divide-line">
        {shortcuts.map(({ keys, does }) => (
          <div key={does} className="flex items-center justify-between gap-4 py-2.5 text-sm">
            <dt>{does}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <KeyCap key={key}>{key}</KeyCap>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
