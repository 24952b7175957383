import { createTransport, type Transporter } from "nodemailer";
import { configuration } from "./configuration.ts";
import { codeOf } from "./error-code.ts";
import { log } from "./log.ts";

const letters = {
  reset_password: {
    subject: "Choose a new password",
    text: (link: string) =>
      `Somebody, probably you, asked for a new password for your account.\n\nChoose it here, within an hour:\n${link}\n\nIf it was not you, do nothing: your password stays as it is.\n`,
  },
  verify_email: {
    subject: "Confirm your e-mail address",
    text: (link: string) =>
      `Confirm that this is your e-mail address, within an hour:\n${link}\n\nIf you did not ask for it, do nothing.\n`,
  },
} as const;

export type LetterKind = keyof typeof letters;

let transporter: Transporter | undefined;

/**
 * Sends a letter with a link, or writes the link to the log where that is the way.
 *
 * Nobody waits for it: how long an answer takes must not tell whether there is such an account. A failure is logged, by
 * its code alone.
 */
export function sendLink(kind: LetterKind, to: string, link: string): void {
  const { mail } = configuration();
  const letter = { "watchword.letter": kind };
  if (mail.kind === "smtp") post(mail, kind, to, link);
  else if (mail.kind === "log") log("INFO", "watchword.mail.link", { ...letter, "url.full": link });
  else log("WARN", "watchword.mail.failed", { ...letter, "error.type": "smtp_url_missing" });
}

function post(
  { url, from }: { url: string; from: string },
  kind: LetterKind,
  to: string,
  link: string,
): void {
  transporter ??= createTransport({ url, connectionTimeout: 10_000, socketTimeout: 20_000 });
  const { subject, text } = letters[kind];
  transporter.sendMail({ from, to, subject, text: text(link) }).then(
    () => log("INFO", "watchword.mail.sent", { "watchword.letter": kind }),
    (error: unknown) =>
      log("ERROR", "watchword.mail.failed", { "watchword.letter": kind, "error.type": codeOf(error) }),
  );
}
