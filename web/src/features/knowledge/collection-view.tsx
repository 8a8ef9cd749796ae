"use client";

import { FilePlus2, FolderPlus, Pencil, Trash2, UsersRound } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import * as api from "@/lib/api/knowledge";
import { size } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { go } from "@/lib/route";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";
import { toast } from "@/ui/toasts";
import { AudienceDialog } from "./audience-dialog";
import { DocumentList } from "./document-list";
import { chosen, dropped } from "./dropped";
import { useUploads } from "./use-uploads";

export interface CollectionViewProps {
  readonly collection: api.Collection;
  readonly onChange: () => void;
}

/** One collection: documents come in by drop or choice, and are listed with how far they have been read. */
export function CollectionView({ collection, onChange }: CollectionViewProps) {
  const t = useT();
  const language = useLanguage();
  const [version, setVersion] = useState(0);
  const [over, setOver] = useState(false);
  const [failed, setFailed] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const changed = () => {
    setVersion((now) => now + 1);
    onChange();
  };
  const uploads = useUploads(collection.id, changed);
  const stopReading = () => {
    uploads.stop();
    void api
      .stopReading(collection.id)
      .then(changed, (error: unknown) => toast(wordsFor(error, t), { tone: "danger" }));
  };
  const read = collection.ready + collection.failed;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void dropped(event.dataTransfer).then(uploads.bring);
  };
  return (
    <section aria-label={collection.name}>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h2 className="min-w-0 truncate font-serif text-xl">
          <bdi>{collection.name}</bdi>
        </h2>
        <span className="flex-1 whitespace-nowrap text-sm text-muted">
          {size(collection.bytes, language)}
          {collection.audience !== "owner" && ` · ${t(`groups.audience.${collection.audience}`)}`}
        </span>
        {collection.mine && <Change collection={collection} onChange={onChange} />}
      </div>
      {collection.mine && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the buttons in it do the same by keyboard
        <div
          data-testid="drop"
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
          className={`mb-4 flex flex-col gap-3 rounded-xl border border-dashed p-4 ${over ? "border-accent bg-accent-soft" : "border-line-strong"}`}
        >
          <p className="text-sm text-muted">{t("knowledge.drop")}</p>
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => files.current?.click()}>
              <FilePlus2 aria-hidden className="size-4" />
              {t("knowledge.add")}
            </Button>
            <Button onClick={() => folder.current?.click()}>
              <FolderPlus aria-hidden className="size-4" />
              {t("knowledge.addFolder")}
            </Button>
          </div>
          <input
            ref={files}
            type="file"
            multiple
            hidden
            data-testid="documents"
            onChange={(event) => {
              uploads.bring(chosen(event.target.files));
              event.target.value = "";
            }}
          />
          <input
            ref={folder}
            type="file"
            multiple
            hidden
            {...{ webkitdirectory: "" }}
            onChange={(event) => {
              uploads.bring(chosen(event.target.files));
              event.target.value = "";
            }}
          />
          {uploads.all > 0 && (
            <Progress says="knowledge.uploading" done={uploads.done} all={uploads.all} onStop={uploads.stop} />
          )}
        </div>
      )}
      {read < collection.documents && (
        <Progress
          says="knowledge.progress"
          done={read}
          all={collection.documents}
          onStop={collection.mine ? stopReading : undefined}
        />
      )}
      {collection.failed > 0 && (
        <div className="mb-2 flex gap-2">
          <Button small look={failed ? "quiet" : "plain"} aria-pressed={!failed} onClick={() => setFailed(false)}>
            {t("knowledge.all")}
          </Button>
          <Button small look={failed ? "plain" : "quiet"} aria-pressed={failed} onClick={() => setFailed(true)}>
            {t("knowledge.failedOnly", { count: collection.failed })}
          </Button>
        </div>
      )}
      <DocumentList
        collection={collection}
        failed={failed && collection.failed > 0}
        version={version}
        onChange={onChange}
      />
    </section>
  );
}

interface ProgressProps {
  readonly says: "knowledge.uploading" | "knowledge.progress";
  readonly done: number;
  readonly all: number;
  readonly onStop: (() => void) | undefined;
}

function Progress({ says, done, all, onStop }: ProgressProps) {
  const t = useT();
  return (
    <p role="status" className="mb-3 flex flex-wrap items-center gap-3 text-sm">
      {t(says, { done, all })}
      <progress aria-label={t(says, { done, all })} value={done} max={all} />
      {onStop && (
        <Button small look="quiet" onClick={onStop}>
          {t("stop")}
        </Button>
      )}
    </p>
  );
}

function Change({ collection, onChange }: CollectionViewProps) {
  const t = useT();
  const { id, name } = collection;
  const [sharing, setSharing] = useState(false);
  const said = (error: unknown) => toast(wordsFor(error, t), { tone: "danger" });
  const rename = () => {
    const wanted = prompt(t("knowledge.name"), name)?.trim();
    if (wanted && wanted !== name) void api.changeCollection(id, { name: wanted }).then(onChange, said);
  };
  const restore = () => void api.restoreCollection(id).then(onChange, said);
  const remove = async () => {
    try {
      await api.deleteCollection(id);
    } catch (error) {
      return said(error);
    }
    go("/knowledge");
    onChange();
    toast(t("knowledge.deleted", { name }), { action: { label: t("undo"), run: restore } });
  };
  return (
    <>
      <IconButton icon={UsersRound} label={t("groups.share", { name })} onClick={() => setSharing(true)} />
      <IconButton icon={Pencil} label={t("knowledge.rename", { name })} onClick={rename} />
      <IconButton icon={Trash2} label={t("knowledge.delete", { name })} onClick={() => void remove()} />
      {sharing && <AudienceDialog collection={collection} onSaved={onChange} onClose={() => setSharing(false)} />}
    </>
  );
}
