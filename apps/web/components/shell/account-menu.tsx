"use client";

import { lazy, Suspense, useState } from "react";
import { useSession } from "../session/session-provider.tsx";
import { useHydrated } from "../ui/use-hydrated.ts";
import { AccountButtonContent, accountButtonStyle } from "./account-button.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

// The menu and the dialog are fetched when they are about to be needed: they are larger than the rest of the page.
const loadMenu = () => import("./account-menu-popup.tsx");
const AccountMenuPopup = lazy(loadMenu);
const ShortcutsDialog = lazy(() => import("./shortcuts-dialog.tsx"));

export function AccountMenu() {
  const { user } = useSession();
  const [asked, setAsked] = useState(false);
  const [shortcuts, setShortcuts] = useState<"unasked" | "open" | "closed">("unasked");
  useShortcuts({ "?": () => setShortcuts("open") });
  const hydrated = useHydrated();
  const name = user.name || "Account";
  const button = (
    <button
      type="button"
      disabled={!hydrated}
      aria-haspopup="menu"
      aria-expanded={asked}
      className={accountButtonStyle}
      onPointerEnter={loadMenu}
      onFocus={loadMenu}
      onClick={() => setAsked(true)}
    >
      <AccountButtonContent name={name} />
    </button>
  );
  return (
    <>
      {asked ? (
        <Suspense fallback={button}>
          <AccountMenuPopup name={name} onShortcuts={() => setShortcuts("open")} />
        </Suspense>
      ) : (
        button
      )}
      {shortcuts === "unasked" ? null : (
        <Suspense>
          <ShortcutsDialog
            open={shortcuts === "open"}
            onOpenChange={(open) => setShortcuts(open ? "open" : "closed")}
          />
        </Suspense>
      )}
    </>
  );
}
