/** What ends, splits or escapes a path segment, or is not seen. */
const pathSyntax = /[/\\?#%\p{Cc}]/u;

/**
 * A user id that is going into the path of an address, where it is percent-encoded.
 * @throws TypeError for one that would lead elsewhere: `.` and `..` are folded away even when they are encoded.
 */
export function pathUserId(userId: string): string {
  if (userId === "" || userId === "." || userId === ".." || pathSyntax.test(userId)) {
    throw new TypeError("This is no user id: it would change the address that it stands in.");
  }
  return userId;
}
