"use client";

import { lazy, Suspense, useState } from "react";
import { Button } from "../ui/button.tsx";

const DeleteAccountDialog = lazy(() => import("./delete-account-dialog.tsx"));

export function DeleteAccount({ withPassword }: { withPassword: boolean }) {
  const [state, setState] = useState<"never" | "open" | "closed">("never");
  return (
    <>
      <Button variant="danger" onClick={() => setState("open")}>
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
