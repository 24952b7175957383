"use client";

import { lazy, Suspense, useState } from "react";
import { Button } from "../ui/button.tsx";
import { useHydrated } from "../ui/use-hydrated.ts";

const DeleteAccountDialog = lazy(() => import("./delete-account-dialog.tsx"));

export function DeleteAccount({ withPassword }: { withPassword: boolean }) {
  const [state, setState] = useState<"never" | "open" | "closed">("never");
  const hydrated = useHydrated();
  return (
    <>
      <Button variant="danger" disabled={!hydrated} onClick={() => setState("open")}>
        Delete account…
      </Button>
      {state === "never" ? null : (
        <Suspense>
          <DeleteAccountDialog
            withPassword={withPassword}
            open={state === "open"}
            onOpenChange={(open) => setState(open ? "open" : "closed")}
          />
        </Suspense>
      )}
    </>
  );
}
