"use client";

import dynamic from "next/dynamic";

const App = dynamic(() => import("./app").then((module) => module.App), { ssr: false });

/** Keeps the app out of the export: deep links would not match what was rendered for "/". */
export function Shell() {
  return <App />;
}
