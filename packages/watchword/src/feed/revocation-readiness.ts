/** Those who wait until the list can be relied on. */
export class Readiness {
  readonly #waiting = new Set<() => void>();

  /** Lets everybody go on. */
  tell(): void {
    for (const goOn of this.#waiting) goOn();
  }

  /** Waits for `tell`, at most so many seconds. Never rejects. */
  wait(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const goOn = () => {
        clearTimeout(timer);
        this.#waiting.delete(goOn);
        resolve();
      };
      // It keeps a process alive that waits at its start, as the pauses of the feed do not.
      const timer = setTimeout(goOn, seconds * 1000);
      this.#waiting.add(goOn);
    });
  }
}
