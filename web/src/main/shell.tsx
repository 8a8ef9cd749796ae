"use client";

import { fetched } from "@/lib/fetched";

/** Keeps the app out of the export: deep links would not match what was rendered for "/". */
const App = typeof window === "undefined" ? () => null : fetched(() => import("./app").then((module) => module.App));

export function Shell() {
  return <App />;
}
