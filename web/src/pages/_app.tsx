import Head from "next/head";
import Router from "next/router";
import { useEffect } from "react";
import { Shell } from "../main/shell";
import "../main/globals.css";

/** One page for every address: which screen it shows is decided in the browser, by lib/route.ts. */
export default function Everything() {
  useEffect(() => Router.beforePopState(() => false), []);
  return (
    <>
      <Head>
        <title>olamchat</title>
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
      </Head>
      <Shell />
    </>
  );
}
