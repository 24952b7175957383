import type { User } from "@watchword/todo-client";
import { TimeAgo } from "../ui/time-ago.tsx";

const cell = "block py-0.5 sm:table-cell sm:px-3 sm:py-2.5 sm:first:pl-0 sm:last:pr-0";

/** A table on a wide screen; on a phone each user is a block of lines. */
export function UserTable({ users, ownId }: { users: readonly User[]; ownId: string }) {
  return (
    <table className="w-full text-left text-sm">
      <thead className="text-soft max-sm:sr-only">
        <tr className="border-b border-line">
          {["Name", "E-mail", "User name", "User id", "First seen"].map((title) => (
            <th key={title} scope="col" className="px-3 py-2 font-normal first:pl-0 last:pr-0">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {users.map((user) => (
          <tr key={user.id} className="block py-3 align-baseline sm:table-row sm:py-0">
            <td className={`${cell} font-medium wrap-anywhere`}>
              {user.name ?? <None />}
              {user.id === ownId ? <span className="ml-2 font-normal text-soft">you</span> : null}
            </td>
            <td className={`${cell} wrap-anywhere ${user.email ? "" : "max-sm:hidden"}`}>
              {user.email ?? <None />}
            </td>
            <td className={`${cell} wrap-anywhere ${user.username ? "" : "max-sm:hidden"}`}>
              {user.username ?? <None />}
            </td>
            <td className={`${cell} font-mono text-xs wrap-anywhere`}>{user.id}</td>
            <td className={`${cell} text-soft sm:whitespace-nowrap`}>
              <TimeAgo iso={user.created_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function None() {
  return (
    <span className="text-soft">
      <span aria-hidden>–</span>
      <span className="sr-only">none</span>
    </span>
  );
}
