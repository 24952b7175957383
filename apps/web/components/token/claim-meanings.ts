/** What each member of the header says, in a few words. */
export const headerMeanings: Readonly<Record<string, string>> = {
  alg: "How it was signed",
  kid: "Which key signed it",
  typ: "An access token, nothing else",
};

/** What each claim says, in a few words. */
export const claimMeanings: Readonly<Record<string, string>> = {
  iss: "Who issued it: this app",
  aud: "Who it is for: the API",
  sub: "Who it is about: your user id",
  iat: "When it was issued",
  nbf: "From when on it is good",
  exp: "When it ends",
  jti: "The id of this one token",
  sid: "The session it came from",
  email: "Your e-mail address",
  name: "Your name",
  role: "Your role",
  scope: "What it allows",
};

export const timeClaims: ReadonlySet<string> = new Set(["iat", "nbf", "exp"]);
