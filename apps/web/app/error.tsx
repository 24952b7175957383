"use client";

import { MessagePage } from "../components/shell/message-page.tsx";
import { Button } from "../components/ui/button.tsx";

export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <MessagePage
      code={error.digest ?? "error"}
      title="This page could not be shown"
      text="Nothing was lost. Try again; if it stays like this, look for the code above in the server's log."
      action={
        <Button variant="secondary" onClick={reset}>
          Try again
        </Button>
      }
    />
  );
}
