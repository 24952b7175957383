import { createSessionTokens } from "countersign/next";
import { auth } from "@/lib/auth";

export const tokens = createSessionTokens({ auth });
