import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { early } from "./early";
import "./globals.css";

export const metadata: Metadata = {
  description: "A chat for your own models, whose answers always arrive.",
  icons: { icon: "/icon.svg" },
  manifest: "/manifest.webmanifest",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  interactiveWidget: "resizes-content",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#faf8f4" },
    { media: "(prefers-color-scheme: dark)", color: "#191715" },
  ],
};

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <title>olamchat</title>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of early.ts, hashed into the policy */}
        <script dangerouslySetInnerHTML={{ __html: early }} />
      </head>
      <body>{children}</body>
    </html>
  );
}
