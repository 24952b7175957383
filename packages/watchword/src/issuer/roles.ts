import type { AuthContext } from "better-auth";
import type { RolePolicy } from "./options.ts";
import type { SignedIn } from "./signed-in.ts";

/** What the roles of a user become. */
export interface RoleClaims {
  /** As the admin plugin writes it: a text, with commas between several. */
  readonly role: string | undefined;
  /** Roles in the active organization, each with its prefix. */
  readonly roles: readonly string[] | undefined;
  readonly organizationId: string | undefined;
}

/** The roles of a signed-in user: those of the user, and those in the active organization, read from its members. */
export async function roleClaims(
  policy: RolePolicy,
  { adapter }: AuthContext,
  { user, session }: SignedIn,
): Promise<RoleClaims> {
  const role = policy.user ? text(user["role"]) : undefined;
  const organizationId = text(session["activeOrganizationId"]);
  const { organizationPrefix: prefix } = policy;
  if (prefix === undefined || organizationId === undefined) {
    return { role, roles: undefined, organizationId: undefined };
  }
  const member = await adapter.findOne<{ role?: unknown }>({
    model: "member",
    where: [
      { field: "userId", value: user.id },
      { field: "organizationId", value: organizationId },
    ],
  });
  if (member === null) return { role, roles: undefined, organizationId: undefined };
  const roles = words(text(member.role)).map((one) => `${prefix}${one}`);
  return { role, roles, organizationId };
}

/** The scopes that roles grant beyond those of the audience. */
export function scopesOfRoles({ scopes }: RolePolicy, { role, roles = [] }: RoleClaims): readonly string[] {
  if (scopes.size === 0) return [];
  return [...words(role), ...roles].flatMap((one) => scopes.get(one) ?? []);
}

function words(list: string | undefined): readonly string[] {
  return (list ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
