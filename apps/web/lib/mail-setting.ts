import { ConfigurationError } from "watchword";

/** How a link reaches its reader. */
export type MailSetting =
  | {
      readonly kind: "smtp";
      /** Holds the password: it goes to the mailer and nowhere else. */
      readonly url: string;
      readonly from: string;
    }
  /** On this machine nobody but its owner reads the log: the link is written there. */
  | { readonly kind: "log" }
  | { readonly kind: "none" };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `SMTP_URL` and `MAIL_FROM`. Without them links go to the log, but only in development or while the application is
 * for this machine alone: elsewhere a log with such links would open accounts to whoever reads logs.
 *
 * @throws ConfigurationError that never quotes the address: it may hold a password.
 */
export function mailSetting(env: Environment, issuer: string): MailSetting {
  const url = env["SMTP_URL"]?.trim();
  const { hostname } = new URL(issuer);
  if (!url) {
    const here = /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
    return { kind: here || env["NODE_ENV"] === "development" ? "log" : "none" };
  }
  if (!/^smtps?:\/\/./.test(url) || !URL.canParse(url)) {
    throw new ConfigurationError(
      "SMTP_URL must be the address of a mail server, such as smtp://user:password@mail.example.com:587 or smtps://… for TLS from the start.",
    );
  }
  const from = env["MAIL_FROM"]?.trim() || `Watchword <no-reply@${hostname}>`;
  if (!/^(?:[^<>\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/.test(from)) {
    throw new ConfigurationError(
      "MAIL_FROM must be an e-mail address, such as Watchword <no-reply@example.com>.",
    );
  }
  return { kind: "smtp", url, from };
}
