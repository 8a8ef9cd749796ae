import { Shell } from "../shell";

export const dynamicParams = false;

/** One page for every address: which screen it shows is decided in the browser. */
export function generateStaticParams() {
  return [{ slug: [] }];
}

export default function Page() {
  return <Shell />;
}
