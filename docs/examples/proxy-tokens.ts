import { createSessionTokens } from "watchword/next";
import { auth } from "@/lib/auth";

export const tokens = createSessionTokens({ auth });
