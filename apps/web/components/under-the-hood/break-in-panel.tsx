"use client";

import { type ReactNode, useState } from "react";
import { type Attempt, forgeries, tasksPath, trespasses } from "../../lib/break-in.ts";
import { useSession } from "../session/session-provider.tsx";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { BreakInItem } from "./break-in-item.tsx";
import { ChoiceField } from "./choice-field.tsx";
import { ExpiredItem } from "./expired-item.tsx";
import { SignOutItem } from "./sign-out-item.tsx";
import { useBreakIns } from "./use-break-ins.ts";
import { fetchTokenForAnotherApi, type OwnToken } from "./use-own-token.ts";

interface BreakInPanelProps {
  /** Absent where the browser holds none. */
  token: OwnToken | undefined;
  /** A row that is not the user's, as far as the page knows. */
  foreignRow: string;
  /** How long after its end the API still accepts a token, in seconds. */
  clockToleranceSeconds: number;
  signedOut: boolean;
  onSignedOut: () => void;
}

/** Ways in, each tried for real. */
export function BreakInPanel(props: BreakInPanelProps) {
  const { token, foreignRow, clockToleranceSeconds, signedOut, onSignedOut } = props;
  const { api, user } = useSession();
  const { stateOf, send, note } = useBreakIns();
  const [otherUserId, setOtherUserId] = useState("someone-else");
  const [chosenRow, setChosenRow] = useState<string>();
  const [all, setAll] = useState(false);
  const row = chosenRow ?? foreignRow;
  const forAnotherApi = async () => (await fetchTokenForAnotherApi(api)).text;
  // The last item says why.
  const unavailable = signedOut ? "" : undefined;

  const tries = [
    ...(token ? forgeries : []).map((way) => ({
      way,
      prepare: async (): Promise<Attempt> => ({
        path: tasksPath(user.id),
        ...(await way.make({ ...(token as OwnToken), forAnotherApi })),
      }),
    })),
    ...trespasses.map((way) => ({
      way,
      prepare: async (): Promise<Attempt> => ({
        authorization: token && `Bearer ${token.text}`,
        ...way.aim({ userId: user.id, otherUserId, row }),
      }),
    })),
  ];

  async function tryAll() {
    setAll(true);
    // One after another, so that the road is drawn for each.
    for (const { way, prepare } of tries) await send(way.id, prepare, { open: false });
    setAll(false);
  }

  const fields: Readonly<Record<string, ReactNode>> = {
    "another-address": (
      <ChoiceField
        name="other-user"
        label="User id in the address"
        value={otherUserId}
        onChange={setOtherUserId}
      />
    ),
    "another-row": <ChoiceField name="row" label="Number of the row" value={row} onChange={setChosenRow} />,
  };

  return (
    <section aria-labelledby="break-in-title">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div className="max-w-prose min-w-0 flex-1 basis-72">
          <h2 id="break-in-title" className="text-lg font-semibold">
            Try to break in
          </h2>
          <p className="mt-1 leading-7 text-pretty text-soft">
            Each button sends a real request and shows what comes back, with the clause of the contract that
            decided. Green is good: it was refused.
          </p>
        </div>
        <div className="flex items-center gap-x-4 gap-y-2 sm:flex-col-reverse sm:items-end">
          <Button pending={all} disabled={signedOut} onClick={tryAll}>
            Try them all
          </Button>
          <Tally statuses={tries.map(({ way }) => stateOf(way.id).outcome?.answer.status ?? null)} />
        </div>
      </div>
      <ul aria-label="Ways in" className="mt-4 divide-y divide-line border-y border-line">
        {tries.map(({ way: { id, title, text, clause }, prepare }) => (
          <BreakInItem
            key={id}
            title={title}
            text={text}
            clause={clause}
            state={stateOf(id)}
            unavailable={unavailable}
            onTry={() => send(id, prepare, id === "another-row" ? { passed: ownRow } : {})}
          >
            {fields[id]}
          </BreakInItem>
        ))}
        {token ? (
          <ExpiredItem
            clockToleranceSeconds={clockToleranceSeconds}
            state={stateOf("expired")}
            note={(state) => note("expired", state)}
            unavailable={unavailable}
            onTry={(attempt) => send("expired", () => attempt)}
          />
        ) : null}
        <SignOutItem
          token={token}
          state={stateOf("sign-out")}
          note={(state) => note("sign-out", state)}
          signedOut={signedOut}
          onSignedOut={onSignedOut}
        />
      </ul>
    </section>
  );
}

/** How many of the ways in that were tried were refused; `null` for one that was not tried. */
function Tally({ statuses }: { statuses: readonly (number | null)[] }) {
  const tried = statuses.filter((status) => status !== null);
  const refused = tried.filter((status) => status >= 400).length;
  return (
    <p
      role="status"
      className={classNames(
        "text-sm font-medium tabular-nums",
        refused === tried.length ? "text-good" : "text-danger",
      )}
    >
      {tried.length > 1 ? `${refused} of ${tried.length} refused` : null}
    </p>
  );
}

/** What there is to say when the row was not refused. */
const ownRow = "That row is yours. Try another number.";
