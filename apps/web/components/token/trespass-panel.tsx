"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSession } from "../session/session-provider.tsx";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Input } from "../ui/input.tsx";
import { Notice } from "../ui/notice.tsx";
import { Exchange } from "./exchange.tsx";

/** Opens another user's address with the own token, for real, and shows what the API says to it. */
export function TrespassPanel({ token }: { token: string }) {
  const { api, user } = useSession();
  const [otherUserId, setOtherUserId] = useState("someone-else");
  const attempt = useMutation({ mutationFn: (userId: string) => api.openTasksOf(userId, token) });

  function submit(event: FormEvent) {
    event.preventDefault();
    attempt.mutate(otherUserId);
  }

  return (
    <section aria-labelledby="trespass-title">
      <h2 id="trespass-title" className="text-base font-semibold">
        Try to open someone else's tasks
      </h2>
      <p className="mt-1 mb-5 max-w-prose leading-7 text-pretty text-soft">
        Your token is good, but it names you. When the address names another user, the API refuses before it
        looks at a single row.
      </p>
      <form method="post" onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <div className="min-w-56 flex-1 sm:max-w-xs">
          <Field name="other-user" label="User id in the address">
            {(control) => (
              <Input
                {...control}
                value={otherUserId}
                onChange={(event) => setOtherUserId(event.target.value)}
                required
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                className="font-mono text-sm"
              />
            )}
          </Field>
        </div>
        <Button type="submit" pending={attempt.isPending}>
          Open another user's URL
        </Button>
      </form>
      <div className="mt-5">
        {attempt.isError ? <Notice tone="danger">{attempt.error.message}</Notice> : null}
        {attempt.data ? (
          <Exchange answer={attempt.data} token={token} urlUserId={attempt.variables} tokenUserId={user.id} />
        ) : null}
      </div>
    </section>
  );
}
