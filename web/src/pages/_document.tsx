import { Head, Html, Main, NextScript } from "next/document";
import { early } from "../main/early";

/** The frame of the export: what is in the head before any script of the page runs. */
export default function Document() {
  return (
    <Html lang="en" suppressHydrationWarning>
      <Head>
        <meta name="description" content="A chat for your own models, whose answers always arrive." />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content="#faf8f4" />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#191715" />
        <link rel="icon" href="/icon.svg" />
        <link rel="apple-touch-icon" href="/images/icon-180.png" />
        <link rel="manifest" href="/manifest.webmanifest" />
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of early.ts, hashed into the policy */}
        <script dangerouslySetInnerHTML={{ __html: early }} />
      </Head>
      <body>
        <Main />
        <NextScript />
      </body>
    </Html>
  );
}
