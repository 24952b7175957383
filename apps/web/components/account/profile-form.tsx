"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Profile } from "@watchword/todo-client";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { authClient } from "../../lib/auth-client.ts";
import { checkProfile, type ProfileDraft } from "../../lib/profile.ts";
import { useSession } from "../session/session-provider.tsx";
import { useFailureToast } from "../session/use-failure-toast.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { focusFault } from "../ui/focus-fault.ts";
import { Input } from "../ui/input.tsx";
import { RequestError } from "../ui/request-error.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useToast } from "../ui/toast.tsx";

export function ProfileForm() {
  const { api, user } = useSession();
  const profile = useQuery({
    queryKey: ["profile", user.id],
    queryFn: ({ signal }) => api.getProfile(signal),
    // What is being typed must not be replaced.
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (profile.isPending) {
    return (
      <div role="status" className="grid gap-5">
        <span className="sr-only">Loading your profile</span>
        <Skeleton className="h-16" />
        <Skeleton className="h-23.5" />
        <Skeleton className="h-10 w-32" />
      </div>
    );
  }
  if (profile.isError) {
    return (
      <RequestError
        error={profile.error}
        title="Your profile could not be loaded"
        pending={profile.isFetching}
        onRetry={() => profile.refetch()}
      />
    );
  }
  return <Form profile={profile.data} />;
}

function Form({ profile }: { profile: Profile }) {
  const { api, user } = useSession();
  const client = useQueryClient();
  const router = useRouter();
  const toast = useToast();
  const failed = useFailureToast();
  const [name, setName] = useState(profile.name ?? "");
  const [username, setUsername] = useState(profile.username ?? "");
  const [errors, setErrors] = useState<{ name?: string; username?: string }>({});
  const save = useMutation({
    mutationFn: async (draft: ProfileDraft) => {
      const saved = await api.updateProfile(draft);
      // The session has a name of its own, which goes into the next tokens.
      if (draft.name && draft.name !== user.name) await authClient.updateUser({ name: draft.name });
      return saved;
    },
    onSuccess: (saved) => {
      client.setQueryData(["profile", user.id], saved);
      toast({ title: "Profile saved" });
      router.refresh();
    },
    onError: (error, draft) => failed(error, "The profile was not saved", () => save.mutate(draft)),
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const draft = { name: name.trim() || null, username: username.trim() || null };
    const faults = checkProfile(draft);
    setErrors(faults);
    if (faults.name || faults.username) focusFault(event.currentTarget, faults);
    else save.mutate(draft);
  }

  return (
    <form method="post" onSubmit={submit} noValidate className="grid gap-5">
      <Field name="name" label="Name" error={errors.name}>
        {(control) => (
          <Input
            {...control}
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="name"
          />
        )}
      </Field>
      <Field
        name="username"
        label="User name"
        hint="Optional. Letters, digits, . _ -"
        error={errors.username}
      >
        {(control) => (
          <Input
            {...control}
            value={username}
            onChange={(event) => setUsername(event.target.value)}
            autoComplete="nickname"
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
      </Field>
      <Button type="submit" variant="secondary" pending={save.isPending} className="justify-self-start">
        Save profile
      </Button>
    </form>
  );
}
