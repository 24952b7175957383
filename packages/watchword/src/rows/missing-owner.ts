/**
 * A statement that names no owner, or could reach rows of another one. It is a fault of the program, never of a request:
 * the statement was not sent to the database.
 */
export class MissingOwner extends Error {
  override readonly name: string = "MissingOwner";
  readonly code = "missing_owner";
}
