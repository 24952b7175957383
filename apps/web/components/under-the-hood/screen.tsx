"use client";

import { useEffect, useRef, useState } from "react";
import { tasksPath } from "../../lib/break-in.ts";
import { useSession } from "../session/session-provider.tsx";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageTitle } from "../ui/page-title.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { BreakInPanel } from "./break-in-panel.tsx";
import { foreignRow, highestRow } from "./foreign-row.ts";
import { RequestList } from "./request-list.tsx";
import { RoadPanel } from "./road-panel.tsx";
import { TokenPanel } from "./token-panel.tsx";
import { type OwnToken, useOwnToken } from "./use-own-token.ts";
import { useRoad } from "./use-road.ts";

/** The mechanism, at work: the road of a request, the token, the last requests, and ways in that are tried. */
export function UnderTheHoodScreen({ clockToleranceSeconds }: { clockToleranceSeconds: number }) {
  const { api, user, proxied } = useSession();
  const { data: token, error, isFetching, refetch } = useOwnToken();
  const { events, shown, origin, show } = useRoad();
  const [row, setRow] = useState(highestRow);
  const [signedOut, setSignedOut] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const begun = useRef<OwnToken | "proxied">(undefined);
  const ready = (proxied || token !== undefined) && !signedOut;

  async function sendRequest() {
    setFailure(undefined);
    try {
      const answer = await api.askAs(token && `Bearer ${token.text}`, tasksPath(user.id));
      setRow(foreignRow(answer.body));
    } catch (cause) {
      setFailure(cause instanceof Error ? cause : new Error("The request failed.", { cause }));
    }
  }

  // Each token is used at once, so that its road can be seen.
  useEffect(() => {
    const using = token ?? (proxied ? "proxied" : undefined);
    if (using === undefined || begun.current === using) return;
    begun.current = using;
    void sendRequest();
  });

  const problem = error ?? failure;
  return (
    <>
      <PageTitle title="Under the hood">
        Each answer that you see in this app has travelled the road below. Watch a request on its way, look
        into the token that it carries, and then try to get past the API.
      </PageTitle>
      {problem ? (
        <div className="mb-8">
          <Notice tone="danger">{problem.message}</Notice>
        </div>
      ) : null}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-14">
        <RoadPanel
          events={events}
          shown={shown}
          origin={origin}
          actions={
            <>
              <Button disabled={!ready} onClick={sendRequest}>
                Send a request
              </Button>
              {proxied ? null : (
                <Button
                  variant="secondary"
                  pending={isFetching}
                  disabled={signedOut}
                  onClick={() => refetch()}
                >
                  Get a new token
                </Button>
              )}
            </>
          }
        />
        {proxied ? (
          <Notice tone="info" title="This browser holds no token">
            The web app keeps the token on its server and adds it to each request on the way (API_MODE=proxy).
            So there is nothing here to decode, to forge or to steal.
          </Notice>
        ) : token ? (
          <TokenPanel token={token} />
        ) : isFetching ? (
          <div role="status" className="grid gap-6">
            <span className="sr-only">Fetching your token</span>
            <Skeleton className="h-12" />
            <Skeleton className="h-44" />
            <Skeleton className="h-32" />
          </div>
        ) : null}
        {proxied || token ? (
          <BreakInPanel
            token={token}
            foreignRow={row}
            clockToleranceSeconds={clockToleranceSeconds}
            signedOut={signedOut}
            onSignedOut={() => setSignedOut(true)}
          />
        ) : null}
        <RequestList events={events} shownId={shown?.id} onShow={show} />
      </div>
    </>
  );
}
