"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { MessagePage } from "../components/shell/message-page.tsx";
import { Button } from "../components/ui/button.tsx";

interface ErrorPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();

  function tryAgain() {
    startTransition(() => {
      // What failed on the server has to be asked of the server again.
      router.refresh();
      reset();
    });
  }

  return (
    <MessagePage
      code={error.digest ?? "error"}
      title="This page could not be shown"
      text="Nothing was lost. Try again; if it stays like this, look for the code above in the server's log."
      action={
        <Button variant="secondary" pending={pending} onClick={tryAgain}>
          Try again
        </Button>
      }
    />
  );
}
