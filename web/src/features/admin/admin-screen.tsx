"use client";

import { ArrowLeft } from "lucide-react";
import { type MouseEvent, useEffect, useRef } from "react";
import { useMe } from "@/lib/data";
import { useTitle } from "@/lib/hooks/use-title";
import { useT } from "@/lib/i18n";
import { go } from "@/lib/route";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";
import { Audit } from "./audit";
import { Groups } from "./groups/groups";
import { Invitations } from "./invitations";
import { Models } from "./models/models";
import { Pools } from "./pools";
import { Tools } from "./tools/tools";
import { Usage } from "./usage-screen";
import { Users } from "./users";

const SECTIONS = {
  users: Users,
  groups: Groups,
  invitations: Invitations,
  models: Models,
  tools: Tools,
  pools: Pools,
  usage: Usage,
  audit: Audit,
} as const;
type Section = keyof typeof SECTIONS;

/** Where administrators see and decide. */
export function AdminScreen({ section }: { readonly section: string }) {
  const t = useT();
  const { data: user } = useMe();
  useTitle(t("admin.title"));
  if (!user) return null;
  const chosen: Section = section in SECTIONS ? (section as Section) : "users";
  if (user.role !== "admin") return <NotYours />;
  const Chosen = SECTIONS[chosen];
  return (
    <div className="h-full min-w-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-5xl px-4 pb-16">
        <header className="flex h-14 items-center gap-2">
          <IconButton icon={ArrowLeft} label={t("back")} className="-ms-2 rtl:-scale-x-100" onClick={() => go("/")} />
          <h1 className="font-serif text-2xl">{t("admin.title")}</h1>
        </header>
        <Tabs chosen={chosen} />
        <Chosen />
      </div>
    </div>
  );
}

function Tabs({ chosen }: { readonly chosen: Section }) {
  const t = useT();
  const current = useRef<HTMLAnchorElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new choice is what has to be seen
  useEffect(() => {
    // Nothing is returned: the newest browsers answer with a promise.
    current.current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [chosen]);
  const choose = (event: MouseEvent, section: Section) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(`/admin/${section}`);
  };
  return (
    <nav aria-label={t("admin.title")} className="-mx-4 mb-6 overflow-x-auto border-b border-line px-4">
      <ul className="flex gap-1">
        {(Object.keys(SECTIONS) as Section[]).map((section) => (
          <li key={section}>
            <a
              ref={section === chosen ? current : null}
              href={`/admin/${section}`}
              aria-current={section === chosen ? "page" : undefined}
              onClick={(event) => choose(event, section)}
              className="-mb-px inline-block border-b-2 -outline-offset-2 border-transparent px-3 py-2.5 whitespace-nowrap text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              {section === "groups" ? t("groups.title") : t(`admin.${section}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function NotYours() {
  const t = useT();
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-4 p-8 text-center">
      <h1 className="font-serif text-3xl">{t("admin.notYours")}</h1>
      <Button look="primary" onClick={() => go("/")}>
        {t("page.home")}
      </Button>
    </div>
  );
}
