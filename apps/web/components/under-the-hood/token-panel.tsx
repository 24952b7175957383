import { claimMeanings, headerMeanings, keyFamily } from "./claim-meanings.ts";
import { ClaimTable } from "./claim-table.tsx";
import { TokenLife } from "./token-life.tsx";
import { TokenSpecimen } from "./token-specimen.tsx";
import type { OwnToken } from "./use-own-token.ts";

/** The token: how long it lives, its text, and what each part of it says. */
export function TokenPanel({ token }: { token: OwnToken }) {
  const { header, payload } = token.parts;
  return (
    <section aria-labelledby="token-title" className="grid gap-8">
      <div>
        <h2 id="token-title" className="text-lg font-semibold">
          The token
        </h2>
        <p className="mt-1 max-w-prose leading-7 text-pretty text-soft">
          This text is all that the API needs to know you. Anyone can read it, nobody can change it.{" "}
          {keyFamily(header)}
        </p>
      </div>
      <div className="grid gap-6">
        <TokenLife key={token.endsAt} lifeSeconds={token.lifeSeconds} endsAt={token.endsAt} />
        <TokenSpecimen token={token} />
      </div>
      <ClaimTable caption="Header" members={header} meanings={headerMeanings(header)} />
      <ClaimTable caption="Claims" members={payload} meanings={claimMeanings} />
    </section>
  );
}
