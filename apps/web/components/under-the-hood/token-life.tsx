"use client";

import { Meter } from "@base-ui/react/meter";
import { classNames } from "../ui/class-names.ts";
import { countdown } from "./figures.ts";
import { useRemainingSeconds } from "./use-remaining-seconds.ts";

interface TokenLifeProps {
  lifeSeconds: number;
  /** Epoch milliseconds on this device's clock. */
  endsAt: number;
}

/** How much of the token's life is left, draining. */
export function TokenLife({ lifeSeconds, endsAt }: TokenLifeProps) {
  const remaining = useRemainingSeconds(endsAt);
  const low = remaining < Math.min(60, lifeSeconds / 4);
  return (
    <div>
      <div className="mb-2 flex items-baseline justify-between gap-4">
        <p className="text-sm text-soft">
          {remaining > 0 ? "Lives for another" : "Ended. The app fetches a new one with the next call."}
        </p>
        <p className={classNames("font-mono text-2xl tabular-nums", low && "text-danger")}>
          {countdown(remaining)}
        </p>
      </div>
      <Meter.Root
        aria-label="Remaining life"
        value={remaining}
        max={lifeSeconds}
        getAriaValueText={() => `${countdown(remaining)} of ${countdown(lifeSeconds)} left`}
      >
        <Meter.Track className="h-1.5 overflow-hidden rounded-full bg-line">
          <Meter.Indicator
            className={classNames(
              "rounded-full transition-[width] duration-1000 ease-linear",
              low ? "bg-danger" : "bg-accent",
            )}
          />
        </Meter.Track>
      </Meter.Root>
    </div>
  );
}
