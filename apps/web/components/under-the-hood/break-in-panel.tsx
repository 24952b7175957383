"use client";

import { type ReactNode, useState } from "react";
import { type Attempt, forge, forgeries, trespasses, type Verdict } from "../../lib/break-in.ts";
import { useSession } from "../session/session-provider.tsx";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { BreakInItem } from "./break-in-item.tsx";
import { ChoiceField } from "./choice-field.tsx";
import { ExpiredItem } from "./expired-item.tsx";
import { highestRow } from "./foreign-row.ts";
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
  const [otherUserId, setOtherUserId] = useState(user.id === "someone-else" ? "nobody-else" : "someone-else");
  const [chosenRow, setChosenRow] = useState<string>();
  const [all, setAll] = useState(false);
  const row = chosenRow ?? foreignRow;
  const forAnotherApi = async () => (await fetchTokenForAnotherApi(api)).text;
  // The last item says why.
  const unavailable = signedOut ? "" : undefined;

  const trespassing =
    ({ aim }: (typeof trespasses)[number], aimedAt = row) =>
    (): Attempt => ({
      authorization: token && `Bearer ${token.text}`,
      ...aim({ userId: user.id, otherUserId, row: aimedAt }),
    });
  const tries = [
    ...(token ? forgeries : []).map((way) => ({
      way,
      attempts: [() => forge(way, { ...(token as OwnToken), forAnotherApi }, user.id)],
    })),
    ...trespasses.map((way) => ({
      way,
      // The row that the page proposes may have become the user's own in the meantime: the API says so.
      attempts: [
        trespassing(way),
        ...(way.id === "another-row" && chosenRow === undefined ? [trespassing(way, highestRow)] : []),
      ],
    })),
  ];

  async function tryAll() {
    setAll(true);
    // One after another, so that the road is drawn for each.
    for (const { way, attempts } of tries) await send(way.id, attempts, { open: false });
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
            decided. Green is good: it was refused. Grey is no attack: the data is yours.
          </p>
        </div>
        <div className="flex items-center gap-x-4 gap-y-2 sm:flex-col-reverse sm:items-end">
          <Button pending={all} disabled={signedOut} onClick={tryAll}>
            Try them all
          </Button>
          <Tally verdicts={tries.flatMap(({ way }) => stateOf(way.id).outcome?.verdict ?? [])} />
        </div>
      </div>
      <ul aria-label="Ways in" className="mt-4 divide-y divide-line border-y border-line">
        {tries.map(({ way: { id, title, text, clause }, attempts }) => (
          <BreakInItem
            key={id}
            title={title}
            text={text}
            clause={clause}
            state={stateOf(id)}
            unavailable={unavailable}
            onTry={() => send(id, attempts)}
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
            onTry={(attempt) => send("expired", [() => attempt])}
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

/** How many of the attacks that were tried were refused, and how many attempts were none. */
function Tally({ verdicts }: { verdicts: readonly Verdict[] }) {
  const attacks = verdicts.filter((verdict) => verdict !== "not an attack");
  const refused = attacks.filter((verdict) => verdict === "refused").length;
  const harmless = verdicts.length - attacks.length;
  return (
    <p
      role="status"
      className={classNames(
        "text-sm font-medium tabular-nums",
        refused === attacks.length ? "text-good" : "text-danger",
      )}
    >
      {verdicts.length > 1 ? `${refused} of ${attacks.length} refused` : null}
      {verdicts.length > 1 && harmless > 0 ? (
        <span className="font-normal text-soft">, {harmless} not an attack</span>
      ) : null}
    </p>
  );
}
