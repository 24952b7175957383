import type { Person } from "./person.ts";

/** A page, and what is seen on it once it has everything that it loads. */
export type ScreenPath = readonly [path: string, text: string];

export const visitorScreens: readonly ScreenPath[] = [
  ["/", "You sign in here"],
  ["/login", "New here?"],
  ["/sign-up", "Have an account?"],
  ["/forgot-password", "Send me a link"],
  ["/reset-password?token=none", "Save the new password"],
  ["/posts", "A post of Ada"],
  ["/nowhere", "There is nothing here"],
];

export const ownScreens: readonly ScreenPath[] = [
  ["/tasks", "Buy milk"],
  ["/chat", "Try one of these"],
  ["/posts", "A post of Ada"],
  ["/under-the-hood", "Try to break in"],
  ["/account", "Save profile"],
  ["/admin", "This page is for administrators"],
];

/** Signs up, with a task and a public post. */
export async function signUpWithContent(person: Person): Promise<void> {
  await person.signUp();
  await person.addTask("Buy milk");
  const json = { title: "A post of Ada", body: "Seen by everyone.", is_private: false };
  const { status } = await person.askApi("/api/v1/posts", { method: "POST", json });
  if (status !== 201) throw new Error(`The post was answered ${status}.`);
}

/** Opens one page after the other, and looks at each. */
export async function eachScreen(
  { page }: Person,
  screens: readonly ScreenPath[],
  look: (path: string) => Promise<void>,
): Promise<void> {
  for (const [path, text] of screens) {
    await page.goto(path);
    await page.getByText(text).first().waitFor();
    await look(path);
  }
}
