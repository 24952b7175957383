"use client";

import { Menu } from "@base-ui/react/menu";
import { Keyboard, LogOut, ShieldCheck, UserRound } from "lucide-react";
import Link from "next/link";
import { useSession } from "../session/session-provider.tsx";
import { useToast } from "../ui/toast.tsx";
import { AccountButtonContent, accountButtonStyle } from "./account-button.tsx";

const itemStyle =
  "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-[0.35rem] px-3 text-sm outline-none select-none data-highlighted:bg-sunken forced-colors:data-highlighted:[outline:2px_solid_Highlight]";

interface AccountMenuPopupProps {
  name: string;
  onShortcuts: () => void;
}

/** The menu of the account, open as soon as it is there: it is only fetched when its button has been pressed. */
export default function AccountMenuPopup({ name, onShortcuts }: AccountMenuPopupProps) {
  const { user, signOut } = useSession();
  const toast = useToast();

  async function leave() {
    if (await signOut()) return;
    toast({
      title: "You are still signed in",
      description: "The server did not answer. Check the connection and sign out again.",
      tone: "danger",
    });
  }

  return (
    <Menu.Root defaultOpen>
      <Menu.Trigger className={accountButtonStyle}>
        <AccountButtonContent name={name} />
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
              <Menu.Item className={itemStyle} render={<Link href="/account" />}>
                <UserRound aria-hidden className="size-4 text-soft" />
                Account
              </Menu.Item>
              {user.role === "admin" ? (
                <Menu.Item className={itemStyle} render={<Link href="/admin" />}>
                  <ShieldCheck aria-hidden className="size-4 text-soft" />
                  Administration
                </Menu.Item>
              ) : null}
              <Menu.Item className={itemStyle} onClick={onShortcuts}>
                <Keyboard aria-hidden className="size-4 text-soft" />
                Keyboard shortcuts
              </Menu.Item>
              <Menu.Separator className="mx-1 my-1 h-px bg-line" />
              <Menu.Item className={itemStyle} onClick={leave}>
                <LogOut aria-hidden className="size-4 text-soft" />
                Sign out
              </Menu.Item>
            </Menu.Group>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
