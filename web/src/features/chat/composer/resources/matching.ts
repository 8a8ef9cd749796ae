/** What of the servers' resources has a word in it. */

import type { ResourceServer } from "@/lib/api/files";

type Named = { readonly name: string; readonly title: string; readonly description: string };

/** The servers with what of theirs is called like that; a server that is called so itself is there whole. */
export function matching(servers: readonly ResourceServer[], query: string): readonly ResourceServer[] {
  const word = query.trim().toLowerCase();
  const has = (...texts: readonly string[]) => texts.some((text) => text.toLowerCase().includes(word));
  const named = ({ name, title, description }: Named, address: string) => has(name, title, description, address);
  return servers
    .map((server) =>
      has(server.name, server.title)
        ? server
        : {
            ...server,
            resources: server.resources.filter((one) => named(one, one.uri)),
            templates: server.templates.filter((one) => named(one, one.uri_template)),
          },
    )
    .filter(({ resources, templates }) => resources.length + templates.length > 0);
}
