import { ConfigurationError, type Environment } from "watchword";

/** A language model behind an OpenAI-compatible endpoint. */
export interface ModelSetting {
  /** Where `/chat/completions` is added. */
  readonly baseUrl: string;
  /** Sent as a bearer credential, and shown nowhere. */
  readonly key: string;
  readonly model: string;
}

const names = ["CHAT_BASE_URL", "CHAT_API_KEY", "CHAT_MODEL"] as const;
const address = /^https?:\/\/[\x21-\x2e\x30-\x7e][\x21-\x7e]*$/;
const onThisMachine = /^http:\/\/(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?(?:\/.*)?$/;

/**
 * Reads `CHAT_BASE_URL`, `CHAT_API_KEY` and `CHAT_MODEL`; null without any of them.
 *
 * @throws ConfigurationError with one sentence that quotes no value, when only some are there or one cannot be used.
 */
export function modelSettingFrom(environment: Environment): ModelSetting | null {
  const [baseUrl, key, model] = names.map((name) => environment[name]?.trim() || undefined);
  if (baseUrl === undefined && key === undefined && model === undefined) return null;
  if (baseUrl === undefined || key === undefined || model === undefined) {
    throw new ConfigurationError(
      "Only some of CHAT_BASE_URL, CHAT_API_KEY and CHAT_MODEL are set: set all three, or none for the assistant without a language model.",
    );
  }
  if (!isUsableAddress(baseUrl)) {
    throw new ConfigurationError(
      "CHAT_BASE_URL is not usable: set it to an https address such as https://api.example.com/v1, without user name, query or fragment; http is for this machine only.",
    );
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new ConfigurationError("CHAT_API_KEY is not usable: it holds a character that no key has.");
  }
  return { baseUrl: baseUrl.replace(/\/+$/, ""), key, model };
}

function isUsableAddress(text: string): boolean {
  if (!address.test(text) || /[?#@\\]/.test(text) || !URL.canParse(text)) return false;
  return text.startsWith("https:") || onThisMachine.test(text);
}
