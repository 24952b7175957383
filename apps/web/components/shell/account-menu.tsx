"use client";

import { Menu } from "@base-ui/react/menu";
import { ChevronDown, Keyboard, LogOut } from "lucide-react";
import { useState } from "react";
import { useSession } from "../session/session-provider.tsx";
import { useToast } from "../ui/toast.tsx";
import { ShortcutsDialog } from "./shortcuts-dialog.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

const itemStyle =
  "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-[0.35rem] px-3 text-sm outline-none select-none data-highlighted:bg-sunken";

export function AccountMenu() {
  const { user, signOut } = useSession();
  const toast = useToast();
  const [shortcutsOpen, setShortcutsOpen] = useState(false);
  useShortcuts({ "?": () => setShortcutsOpen(true) });
  const name = user.name || "Account";

  async function leave() {
    if (await signOut()) return;
    toast({
      title: "You are still signed in",
      description: "The server did not answer. Check the connection and sign out again.",
      tone: "danger",
    });
  }

  return (
    <>
      <Menu.Root>
        <Menu.Trigger
          aria-label={name}
          className="flex h-9 min-w-0 items-center gap-2 rounded-control pr-1.5 pl-1.5 text-sm transition-colors duration-150 hover:bg-sunken data-popup-open:bg-sunken"
        >
          <span
            aria-hidden
            className="grid size-6 shrink-0 place-items-center rounded-full bg-ink font-mono text-[0.6875rem] font-medium text-paper"
          >
            {Array.from(name)[0]?.toUpperCase()}
          </span>
          <span className="max-w-40 truncate max-sm:hidden">{name}</span>
          <ChevronDown aria-hidden className="size-4 shrink-0 text-soft" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner align="end" sideOffset={6} className="z-10 outline-none">
            <Menu.Popup className="w-64 max-w-[calc(100vw-2rem)] rounded-panel border border-line bg-surface p-1 text-ink shadow-lift transition duration-100 ease-out outline-none data-ending-style:opacity-0 data-starting-style:-translate-y-1 data-starting-style:opacity-0">
              <Menu.Group>
                <Menu.GroupLabel className="px-3 py-2">
                  <span className="block truncate text-sm font-medium">{name}</span>
                  <span className="block truncate text-sm text-soft">{user.email}</span>
                </Menu.GroupLabel>
                <Menu.Separator className="mx-1 my-1 h-px bg-line" />
                <Menu.Item className={itemStyle} onClick={() => setShortcutsOpen(true)}>
                  <Keyboard aria-hidden className="size-4 text-soft" />
                  Keyboard shortcuts
                </Menu.Item>
                <Menu.Item className={itemStyle} onClick={leave}>
                  <LogOut aria-hidden className="size-4 text-soft" />
                  Sign out
                </Menu.Item>
              </Menu.Group>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <ShortcutsDialog open={shortcutsOpen} onOpenChange={setShortcutsOpen} />
    </>
  );
}
