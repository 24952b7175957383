"use client";

import { Meter } from "@base-ui/react/meter";
import { useEffect, useState } from "react";
import { classNames } from "../ui/class-names.ts";

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
          {clock(remaining)}
        </p>
      </div>
      <Meter.Root
        aria-label="Remaining life"
        value={remaining}
        max={lifeSeconds}
        getAriaValueText={() => `${clock(remaining)} of ${clock(lifeSeconds)} left`}
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

function useRemainingSeconds(endsAt: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.round((endsAt - now) / 1000));
}

function clock(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
