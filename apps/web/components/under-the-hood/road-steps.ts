import { refusalInWords } from "../../lib/clause.ts";
import type { RoadAnswer, RoadEvent } from "../../lib/road-log.ts";
import { shortTokenId, took } from "./figures.ts";

/** The four that take part, from left to right. */
export type Lane = "browser" | "web" | "api" | "database";

/** One step of the road: a message from lane to lane, or something that happens on one. */
export interface RoadStep {
  readonly id: string;
  readonly from: Lane;
  readonly to: Lane;
  /** A few words for the drawing. */
  readonly label: string;
  /** The same as a sentence. */
  readonly words: string;
  /** `signed`: the token is made or carried. */
  readonly tone: "plain" | "signed" | "good" | "bad" | "pending";
}

/** How a token was come by: three steps between the browser and the web application. */
export function tokenSteps({ method, route, answer }: RoadEvent): readonly RoadStep[] {
  const asked: RoadStep = {
    id: "token-asked",
    from: "browser",
    to: "web",
    label: `${method} ${route}`,
    words:
      "Your browser asks the web app for a token. The session cookie says who you are; no script can read it.",
    tone: answer ? "plain" : "pending",
  };
  if (!answer) return [asked];
  if (!answer.issued) {
    const status = statusOf(answer);
    return [
      asked,
      {
        id: "token-refused",
        from: "web",
        to: "browser",
        label: status,
        words: `The web app gives no token: ${status}.`,
        tone: "bad",
      },
    ];
  }
  const { tokenId, lifeSeconds } = answer.issued;
  return [
    asked,
    {
      id: "token-signed",
      from: "web",
      to: "web",
      label: "signs",
      words: "Better Auth looks the session up, and the web app signs a token that names you.",
      tone: "signed",
    },
    {
      id: "token-given",
      from: "web",
      to: "browser",
      label: "the token",
      words: `Token ${shortTokenId(tokenId)} goes back. It lives for ${inWords(lifeSeconds)}, in memory only, and serves many requests.`,
      tone: "signed",
    },
  ];
}

/** What happens to one request to the API, as far as it gets. */
export function callSteps(event: RoadEvent): readonly RoadStep[] {
  const { answer, method, route, credential } = event;
  const proxied = credential === "session";
  const sent: RoadStep = {
    id: "sent",
    from: "browser",
    to: proxied ? "web" : "api",
    label: `${method} ${route.replace("/api/{user_id}", "…")}`,
    words: proxied
      ? `The browser sends ${method} ${route} to the web app, with the session cookie. It holds no token.`
      : `The browser sends ${method} ${route} straight to the API, ${carried(event)}.`,
    tone: answer === undefined ? "pending" : credential === "token" ? "signed" : "plain",
  };
  if (!answer) return [sent];
  if (answer.status === 0)
    return [sent, step("lost", proxied ? "web" : "api", "no answer", "No answer came back.", "bad")];
  const back = answered(answer);
  if (!proxied) return [sent, ...decisions(event, answer), { ...back, from: "api" }];
  // The proxy compares the address with the session itself, before it asks the API anything.
  if (answer.byProxy) {
    const asked = answer.status < 500 ? "does not ask the API" : "has no answer of the API to pass on";
    const words = `The web app ${asked}. ${refusalInWords(answer.code)}`;
    return [sent, step("refused", "web", answer.code ?? String(answer.status), words, "bad"), back];
  }
  return [sent, ...handedOn, ...decisions(event, answer), back];
}

/** What the proxy does with a request that it lets through. */
const handedOn: readonly RoadStep[] = [
  step(
    "added",
    "web",
    "adds the token",
    "The web app adds the token of this session, which never leaves its server otherwise.",
    "signed",
  ),
  {
    id: "handed-on",
    from: "web",
    to: "api",
    label: "Bearer …",
    words: "It hands the request on to the API, with the token in its Authorization header.",
    tone: "signed",
  },
];

/** The questions of the API in their order, up to the one that refused. */
function decisions(event: RoadEvent, answer: RoadAnswer): readonly RoadStep[] {
  const { status, code = "" } = answer;
  const refusal = { label: code || String(status), words: refusalInWords(code) };
  const refused = (question: string) =>
    step("refused", "api", refusal.label, `${question} ${refusal.words}`, "bad");

  if (status === 429) return [refused("Too many credentials of this address were refused.")];
  if (status === 401 || code === "ambiguous_credentials") return [refused("Who is calling?")];
  const who = whoIsCalling(event, answer);
  if (status === 403) return [who, refused("Is it this user's to ask for?")];
  const names = /\{(?:another_)?user_id\}/.test(event.route);
  const whose = step(
    "address",
    "api",
    "address is yours",
    "Whose address is it? The user in it is the user in the token.",
    "good",
  );
  const before = names ? [who, whose] : [who];
  if ((status >= 400 && status < 404) || status === 405 || (status > 412 && status < 500) || status === 500)
    return [...before, refused("Is the request as it should be?")];
  const found = status < 400;
  return [
    ...before,
    {
      id: "asked",
      from: "api",
      to: "database",
      label: "owner = you",
      words: "The database is asked for rows of this owner alone. Other rows do not exist for this request.",
      tone: "plain",
    },
    {
      id: "rows",
      from: "database",
      to: "api",
      label: found ? "rows" : status === 404 ? "no such row" : refusal.label,
      words: found
        ? "It answers with your rows."
        : status === 404
          ? "It has no such row of yours. Whether somebody else has, nobody is told."
          : `It does not. ${refusal.words}`,
      tone: found ? "good" : "bad",
    },
  ];
}

function whoIsCalling({ credential }: RoadEvent, { verification }: RoadAnswer): RoadStep {
  if (credential === "none")
    return step("who", "api", "nobody asked for", "Nobody has to be known for this.", "good");
  const how = verification
    ? ` It took ${took(verification)}${
        verification.recognition === "warm"
          ? ": this very token was verified before, and is still good."
          : ": signature, times, issuer, audience and user."
      }`
    : " Signature, times, issuer, audience and user are right.";
  return step(
    "who",
    "api",
    `token is good${verification ? ` · ${took(verification)}` : ""}`,
    `Who is calling? The API checks the token by itself, without asking anyone.${how}`,
    "good",
  );
}

/** The way back, from the web application unless said otherwise. */
function answered(answer: RoadAnswer): RoadStep {
  const milliseconds = `${Math.max(1, Math.round(answer.milliseconds))} ms`;
  return {
    id: "answered",
    from: "web",
    to: "browser",
    label: `${answer.status} · ${milliseconds}`,
    words: `The answer is back after ${milliseconds}: ${statusOf(answer)}.`,
    tone: answer.status < 400 ? "good" : "bad",
  };
}

function step(id: string, lane: Lane, label: string, words: string, tone: RoadStep["tone"]): RoadStep {
  return { id, from: lane, to: lane, label, words, tone };
}

function carried({ credential, tokenId }: RoadEvent): string {
  if (credential === "none") return "without a token";
  if (credential === "several") return "with more than one credential";
  return tokenId
    ? `with token ${shortTokenId(tokenId)} in its Authorization header`
    : "with a token in its Authorization header";
}

function statusOf({ status, code }: RoadAnswer): string {
  if (status === 0) return "no answer";
  return code ? `${status} ${code}` : String(status);
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return `${Math.round(seconds / 3600)} hours`;
}
