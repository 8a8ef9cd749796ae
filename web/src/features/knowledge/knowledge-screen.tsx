"use client";

import { ArrowLeft } from "lucide-react";
import { type FormEvent, useState } from "react";
import useSWR from "swr";
import * as api from "@/lib/api/knowledge";
import { useDocumentEvents } from "@/lib/hooks/use-document-events";
import { useTitle } from "@/lib/hooks/use-title";
import { useT } from "@/lib/i18n";
import { go } from "@/lib/route";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { IconButton } from "@/ui/icon-button";
import { Skeleton } from "@/ui/skeleton";
import { toast } from "@/ui/toasts";
import { CollectionView } from "./collection-view";

/** A person's collections, and the documents of the one that is chosen. */
export function KnowledgeScreen({ id }: { readonly id: string | null }) {
  const t = useT();
  const { data, error, mutate } = useSWR(api.COLLECTIONS, api.collections);
  const [making, setMaking] = useState(false);
  useTitle(t("knowledge.title"));
  useDocumentEvents(() => void mutate());
  const chosen = data?.find((each) => each.id === id) ?? null;
  return (
    <div className="h-full min-w-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-5xl px-4 pb-16">
        <header className="flex h-14 items-center gap-2">
          <IconButton icon={ArrowLeft} label={t("back")} className="-ms-2 rtl:-scale-x-100" onClick={() => go("/")} />
          <h1 className="flex-1 font-serif text-2xl">{t("knowledge.title")}</h1>
          <Button look="primary" onClick={() => setMaking(true)}>
            {t("knowledge.new")}
          </Button>
        </header>
        <p className="mb-4 text-sm text-muted">{t("knowledge.lead")}</p>
        {error && !data && (
          <div role="alert" className="flex flex-col items-start gap-3 py-6">
            <p className="text-danger">{wordsFor(error, t)}</p>
            <Button onClick={() => void mutate()}>{t("tryAgain")}</Button>
          </div>
        )}
        {!data && !error && <Skeleton lines={6} label={t("loading")} />}
        {data?.length === 0 && <p className="py-6 text-muted">{t("knowledge.none")}</p>}
        {data && data.length > 0 && <Collections items={data} chosen={id} />}
        {chosen && <CollectionView key={chosen.id} collection={chosen} onChange={() => void mutate()} />}
      </div>
      {making && (
        <NewCollection
          onClose={() => setMaking(false)}
          onMade={(made) => {
            void mutate();
            go(`/knowledge/${made.id}`);
          }}
        />
      )}
    </div>
  );
}

interface CollectionsProps {
  readonly items: readonly api.Collection[];
  readonly chosen: string | null;
}

function Collections({ items, chosen }: CollectionsProps) {
  const t = useT();
  return (
    <nav aria-label={t("knowledge.collections")} className="mb-6">
      <ul className="flex flex-wrap gap-2">
        {items.map((each) => (
          <li key={each.id} className="max-w-full">
            <button
              type="button"
              aria-current={each.id === chosen ? "page" : undefined}
              onClick={() => go(`/knowledge/${each.id}`)}
              className="flex max-w-full items-baseline gap-2 rounded-full border border-line px-4 py-2 hover:bg-hover aria-[current=page]:border-accent aria-[current=page]:bg-accent-soft"
            >
              <bdi className="truncate">{each.name}</bdi>
              <span className="shrink-0 text-xs text-muted">{t("knowledge.count", { count: each.documents })}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface NewCollectionProps {
  readonly onMade: (made: api.Collection) => void;
  readonly onClose: () => void;
}

function NewCollection({ onMade, onClose }: NewCollectionProps) {
  const t = useT();
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const make = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      onMade(await api.createCollection(name));
      onClose();
    } catch (error) {
      toast(wordsFor(error, t), { tone: "danger" });
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("knowledge.new")} closeLabel={t("close")} onClose={onClose} typing>
      <form className="flex flex-col gap-4" onSubmit={make}>
        <TextField
          label={t("knowledge.name")}
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button look="primary" type="submit" className="self-end" disabled={busy || name.trim() === ""}>
          {t("knowledge.new")}
        </Button>
      </form>
    </Dialog>
  );
}
