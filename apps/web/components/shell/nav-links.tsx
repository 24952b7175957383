"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { classNames } from "../ui/class-names.ts";

/** The places of the signed-in application, in the order of the header. */
const places = [
  { href: "/tasks", label: "Tasks" },
  { href: "/chat", label: "Chat" },
  { href: "/posts", label: "Posts" },
  { href: "/under-the-hood", label: "Under the hood" },
] as const;

export function NavLinks() {
  const pathname = usePathname();
  return (
    <nav
      aria-label="Main"
      className="-mx-2.5 flex basis-full flex-wrap self-stretch max-sm:grow sm:mx-0 sm:basis-auto"
    >
      {places.map(({ href, label }) => {
        const current = pathname === href || pathname.startsWith(`${href}/`);
        return (
          <Link
            key={href}
            href={href}
            aria-current={current ? "page" : undefined}
            className={classNames(
              "relative flex min-h-11 items-center px-2.5 text-sm whitespace-nowrap transition-colors duration-150 after:absolute after:inset-x-2.5 after:-bottom-px after:h-0.5 sm:px-3 sm:after:inset-x-3",
              current
                ? "font-medium text-ink after:bg-ink forced-colors:after:bg-[Highlight]"
                : "text-soft hover:text-ink",
            )}
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
