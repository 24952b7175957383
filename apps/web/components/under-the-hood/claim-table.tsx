import { timeClaims } from "./claim-meanings.ts";

interface ClaimTableProps {
  caption: string;
  members: Readonly<Record<string, unknown>>;
  meanings: Readonly<Record<string, string>>;
}

const timeFormat = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** Members of a token with what they mean. */
export function ClaimTable({ caption, members, meanings }: ClaimTableProps) {
  return (
    <section>
      <h3 className="mb-2 font-medium">{caption}</h3>
      <dl className="divide-y divide-line border-y border-line">
        {inOrderOf(meanings, members).map(([name, value]) => (
          <div
            key={name}
            className="grid grid-cols-[3.5rem_minmax(0,1fr)] items-baseline gap-x-4 gap-y-1 py-2.5 sm:grid-cols-[4.5rem_minmax(0,11fr)_minmax(0,9fr)] sm:gap-x-6"
          >
            <dt className="font-mono text-sm font-medium">{name}</dt>
            <dd className="font-mono text-sm wrap-anywhere">
              {show(value)}
              {timeClaims.has(name) && typeof value === "number" ? (
                <span className="block text-xs leading-5 text-soft">{timeFormat.format(value * 1000)}</span>
              ) : null}
            </dd>
            <dd className="text-sm text-pretty text-soft max-sm:col-start-2">
              {meanings[name] ?? "A claim of this app's own"}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Members in the order of their explanations, unknown ones last. */
function inOrderOf(meanings: Readonly<Record<string, string>>, members: Readonly<Record<string, unknown>>) {
  const order = Object.keys(meanings);
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.entries(members).toSorted(([a], [b]) => rank(a) - rank(b));
}

function show(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
