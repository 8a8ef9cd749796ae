import type { NextConfig } from "next";

/** Where `npm run dev` finds the API: a `make up` on its usual port unless said otherwise. */
const api = process.env.OLAMCHAT_API ?? "http://127.0.0.1:8000";

const shared: NextConfig = {
  poweredByHeader: false,
  compress: false,
  devIndicators: false,
  turbopack: { root: import.meta.dirname },
};

const exported: NextConfig = { ...shared, output: "export" };

const development: NextConfig = {
  ...shared,
  distDir: ".next/dev",
  rewrites: async () => ({
    afterFiles: [{ source: "/api/:path*", destination: `${api}/api/:path*` }],
    fallback: [{ source: "/:path*", destination: "/" }],
  }),
};

export default process.env.NODE_ENV === "production" ? exported : development;
