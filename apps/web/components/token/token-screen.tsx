"use client";

import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { claimMeanings, headerMeanings } from "./claim-meanings.ts";
import { ClaimTable } from "./claim-table.tsx";
import { TokenLife } from "./token-life.tsx";
import { TokenSpecimen } from "./token-specimen.tsx";
import { TrespassPanel } from "./trespass-panel.tsx";
import { useOwnToken } from "./use-own-token.ts";

export function TokenScreen() {
  const { data: token, error, isFetching, refetch } = useOwnToken();
  return (
    <>
      <div className="mb-8 flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div className="max-w-prose">
          <h1 className="text-2xl font-semibold tracking-tight">Your token</h1>
          <p className="mt-2 leading-7 text-pretty text-soft">
            This app signed the text below. It goes along with every call, and it is all that the API needs to
            know you. It is kept in memory only.
          </p>
        </div>
        <Button variant="secondary" pending={isFetching} onClick={() => refetch()}>
          Get a new token
        </Button>
      </div>
      {error ? (
        <div className="mb-8">
          <Notice tone="danger">{error.message}</Notice>
        </div>
      ) : null}
      {token ? (
        <div className="grid gap-10">
          <div className="grid gap-6">
            <TokenLife key={token.endsAt} lifeSeconds={token.lifeSeconds} endsAt={token.endsAt} />
            <TokenSpecimen token={token} />
          </div>
          <ClaimTable caption="Header" members={token.parts.header} meanings={headerMeanings} />
          <ClaimTable caption="Claims" members={token.parts.payload} meanings={claimMeanings} />
          <TrespassPanel token={token.text} />
        </div>
      ) : isFetching ? (
        <div role="status" className="grid gap-6">
          <span className="sr-only">Fetching your token</span>
          <Skeleton className="h-12" />
          <Skeleton className="h-44" />
          <Skeleton className="h-32" />
        </div>
      ) : null}
    </>
  );
}
