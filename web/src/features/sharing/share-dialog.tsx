"use client";

import { Eye, Link2, RefreshCw, Unlink } from "lucide-react";
import { useState } from "react";
import useSWR from "swr";
import * as api from "@/lib/api";
import * as sharing from "@/lib/api/sharing";
import { dateTime } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { Dialog } from "@/ui/dialog";
import { Skeleton } from "@/ui/skeleton";

/** Make, copy, renew and revoke the link to one conversation. */
export function ShareDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const t = useT();
  const { data, error, mutate } = useSWR(sharing.sharePath(id), () => sharing.shareOf(id), {
    revalidateOnFocus: false,
    dedupingInterval: 0, // each opening asks: a message may have come a moment ago
  });
  const [named, setNamed] = useState<boolean | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const shown = named ?? data?.named ?? false;
  const act = async (run: () => Promise<sharing.Share | null>) => {
    setBusy(true);
    setFailure(null);
    try {
      await mutate(await run(), { revalidate: false });
    } catch (refused) {
      setFailure(refused);
    } finally {
      setBusy(false);
    }
  };
  const wrong = failure ?? error;
  return (
    <Dialog title={t("share.title")} closeLabel={t("close")} onClose={onClose}>
      <p className="text-sm text-muted">{t("share.about")}</p>
      {data === undefined && !error ? (
        <div className="mt-6">
          <Skeleton lines={3} label={t("loading")} />
        </div>
      ) : (
        <>
          {data && <Link share={data} />}
          <label className="mt-5 flex items-center gap-3 text-sm">
            <input
              type="checkbox"
              checked={shown}
              onChange={(event) => setNamed(event.target.checked)}
              className="size-4.5 accent-accent"
            />
            {t("share.named")}
          </label>
          {wrong != null && (
            <p role="alert" className="mt-4 rounded-lg bg-danger-soft px-3 py-2 text-sm text-danger">
              {api.hasCode(wrong, "conflict") ? t("share.nothing") : wordsFor(wrong, t)}
            </p>
          )}
          <div className="mt-6 flex flex-wrap gap-3">
            {!data ? (
              <Button look="primary" disabled={busy} onClick={() => void act(() => sharing.share(id, shown))}>
                <Link2 aria-hidden className="size-4" />
                {t("share.make")}
              </Button>
            ) : (
              <>
                {(!data.newest || shown !== data.named) && (
                  <Button look="primary" disabled={busy} onClick={() => void act(() => sharing.share(id, shown))}>
                    <RefreshCw aria-hidden className="size-4" />
                    {t("share.renew")}
                  </Button>
                )}
                <Button
                  look="danger"
                  disabled={busy}
                  onClick={() => void act(() => sharing.revokeShare(id).then(() => null))}
                >
                  <Unlink aria-hidden className="size-4" />
                  {t("share.revoke")}
                </Button>
              </>
            )}
          </div>
        </>
      )}
    </Dialog>
  );
}

function Link({ share }: { readonly share: sharing.Share }) {
  const t = useT();
  const language = useLanguage();
  const address = `${location.origin}${share.path}`;
  return (
    <div className="mt-5">
      <div className="flex items-center gap-1 rounded-lg border border-line-strong/60 bg-bg py-1 ps-3 pe-1">
        <input
          readOnly
          dir="ltr"
          aria-label={t("share.link")}
          value={address}
          onFocus={(event) => event.target.select()}
          className="h-8 min-w-0 flex-1 bg-transparent font-mono text-sm outline-none"
        />
        <CopyButton text={address} label={t("share.copy")} />
        <a
          href={share.path}
          target="_blank"
          rel="noreferrer"
          aria-label={t("share.see")}
          title={t("share.see")}
          className="inline-flex size-8 shrink-0 items-center justify-center rounded-lg text-muted hover:bg-hover hover:text-ink"
        >
          <Eye aria-hidden className="size-4" strokeWidth={1.75} />
        </a>
      </div>
      <p className="mt-2 text-sm text-muted">
        {t(share.newest ? "share.upToNow" : "share.upTo", { time: dateTime(share.shared_at, language) })}
      </p>
    </div>
  );
}
