import { RawConnection } from "../../support/raw-request.ts";
import { Run, type Target } from "../run.ts";
import { must } from "./need.ts";

/** How long a refusal may take that waits for no body, in milliseconds. */
const atOnce = 5000;

const bodyRoutes = ["/api/{A}/tasks", "/api/{A}/chat", "/api/v1/posts"];

/** A head that announces fifty million bytes of which one comes. */
function announced(target: Target, path: string, more: string): string {
  const { host } = new URL(target.origin);
  return `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 50000000\r\n${more}\r\n`;
}

export async function refusesBeforeBody(target: Target): Promise<void> {
  const { id } = new Run(target, {}).person("ann");
  for (const path of bodyRoutes.map((route) => route.replace("{A}", id))) {
    const connection = await RawConnection.open(target.origin);
    try {
      connection.send(`${announced(target, path, "")}{`);
      const answer = await connection.answer(false, atOnce);
      must(answer.status === 401, `POST ${path} → ${answer.status}, not 401`);
    } finally {
      connection.close();
    }
  }
}

export async function refusesWithoutContinue(target: Target): Promise<void> {
  const { id } = new Run(target, {}).person("ann");
  for (const path of bodyRoutes.map((route) => route.replace("{A}", id))) {
    const connection = await RawConnection.open(target.origin);
    try {
      connection.send(announced(target, path, "Expect: 100-continue\r\n"));
      const answer = await connection.answer(false, atOnce);
      must(answer.status === 401, `POST ${path} → ${answer.status}, not 401`);
      must(!connection.statuses.includes(100), `POST ${path} is told to continue before it is refused`);
    } finally {
      connection.close();
    }
  }
}
