import { ArrowLeft } from "lucide-react";
import { type ReactNode, type RefObject, useRef } from "react";
import { useT } from "@/lib/i18n";
import { go } from "@/lib/route";
import { wordsFor } from "@/lib/words";
import { Button } from "@/ui/button";
import { IconButton } from "@/ui/icon-button";
import { Skeleton } from "@/ui/skeleton";

/** What is open over a library's list; an edit without an id makes a new one. */
export type Open = { readonly what: "edit" | "versions" | "remove"; readonly id: string } | null;

interface LibraryPageProps<T> {
  readonly title: string;
  readonly about: string;
  readonly empty: string;
  readonly items: readonly T[] | undefined;
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly newLabel: string;
  readonly onNew: () => void;
  /** How the hidden field for a file is found, and who takes the file. */
  readonly fileId: string;
  readonly onFile: (file: File | undefined) => Promise<unknown>;
  /** The other buttons; `choose` opens the field for a file. */
  readonly buttons: (choose: () => void) => ReactNode;
  readonly row: (item: T) => ReactNode;
}

/** The page of what people write once and give to each other: how it is named, what can be made, and the list. */
export function LibraryPage<T>({ title, about, empty, items, error, onRetry, row, ...head }: LibraryPageProps<T>) {
  const t = useT();
  const file = useRef<HTMLInputElement>(null);
  return (
    <div className="h-full min-w-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-5xl px-4 pb-16">
        <header className="flex min-h-14 flex-wrap items-center gap-2 py-2">
          <IconButton icon={ArrowLeft} label={t("back")} className="-ms-2 rtl:-scale-x-100" onClick={() => go("/")} />
          <h1 className="flex-1 font-serif text-2xl">{title}</h1>
          {head.buttons(() => file.current?.click())}
          <Button look="primary" onClick={head.onNew}>
            {head.newLabel}
          </Button>
          <FileField field={file} testId={head.fileId} onFile={head.onFile} />
        </header>
        <p className="mb-4 text-sm text-muted">{about}</p>
        {Boolean(error) && !items && (
          <div role="alert" className="flex flex-col items-start gap-3 py-6">
            <p className="text-danger">{wordsFor(error, t)}</p>
            <Button onClick={onRetry}>{t("tryAgain")}</Button>
          </div>
        )}
        {!items && !error && <Skeleton lines={6} label={t("loading")} />}
        {items?.length === 0 && <p className="py-6 text-muted">{empty}</p>}
        <ul className="divide-y divide-line">{items?.map(row)}</ul>
      </div>
    </div>
  );
}

interface FileFieldProps {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly testId: string;
  readonly onFile: (file: File | undefined) => Promise<unknown>;
}

/** A hidden field that takes one JSON file, the same one again where it is chosen twice. */
function FileField({ field, testId, onFile }: FileFieldProps) {
  return (
    <input
      ref={field}
      type="file"
      accept="application/json,.json"
      hidden
      data-testid={testId}
      onChange={(event) => {
        void onFile(event.target.files?.[0]);
        event.target.value = "";
      }}
    />
  );
}
