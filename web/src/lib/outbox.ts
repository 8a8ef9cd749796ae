/**
 * What was said and the server has not taken yet, kept in this browser until it has: over a reload, a closed tab, a dead battery.
 *
 * Each row belongs to a person and to the tab that sends it. A tab that is open holds a lock of its name; the rows of one that is gone
 * are taken over by the next that looks, one at a time. Should two send the same row after all, its key lets the server take it once.
 * Storage that is full or forbidden is the same as none.
 */

import { randomName } from "./random";

export interface Row {
  /** The idempotency key of its sending. */
  readonly key: string;
  readonly owner: string;
  readonly tab: string;
  readonly chat: string;
  readonly at: number;
  readonly saying: unknown;
}

const NAME = "olamchat-outbox";
const ROWS = "rows";
const TAB = `olamchat-tab-${randomName()}`;

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(ROWS, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/** Run a transaction to its end; its result is that of the request that `work` returns. */
async function transact<T>(mode: IDBTransactionMode, work: (rows: IDBObjectStore) => IDBRequest<T> | undefined) {
  const db = await open();
  return new Promise<T | undefined>((resolve, reject) => {
    const transaction = db.transaction(ROWS, mode);
    const asked = work(transaction.objectStore(ROWS));
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

const quietly = (done: Promise<unknown>): Promise<void> =>
  done.then(
    () => undefined,
    () => undefined,
  );

/** Keep rows as this tab's, and forget those of the keys in `gone`. */
export function keepRows(kept: readonly Omit<Row, "tab">[], gone: readonly string[]): Promise<void> {
  return quietly(
    transact("readwrite", (rows) => {
      for (const row of kept) rows.put({ ...row, tab: TAB });
      for (const key of gone) rows.delete(key);
      return undefined;
    }),
  );
}

/** Take over a person's rows that no open tab sends, oldest first; `mine` are the keys that this tab has in hand. */
export async function adoptRows(owner: string, mine: ReadonlySet<string>): Promise<readonly Row[]> {
  try {
    return await alone(() => adopt(owner, mine));
  } catch {
    return [];
  }
}

async function adopt(owner: string, mine: ReadonlySet<string>): Promise<readonly Row[]> {
  const rows = (await transact<Row[]>("readonly", (store) => store.getAll())) ?? [];
  const open = await openTabs();
  const left = rows.filter(
    (row) => row.owner === owner && !mine.has(row.key) && (row.tab === TAB || !open.has(row.tab)),
  );
  await keepRows(left, []);
  return left.sort((one, other) => one.at - other.at);
}

export const forgetRows = (): Promise<void> => quietly(transact("readwrite", (rows) => rows.clear()));

/** Locks are there where the page came over https or from this machine; without them the keys alone prevent doubles. */
const locks = (): LockManager | undefined => (typeof navigator === "undefined" ? undefined : navigator.locks);

/** Show the other tabs that this one is open, for as long as it is. */
export const showOpen = (): void => void locks()?.request(TAB, () => new Promise(() => undefined));

async function alone<T>(work: () => Promise<T>): Promise<T> {
  const found = locks();
  return found ? await found.request(NAME, work) : work();
}

async function openTabs(): Promise<ReadonlySet<string | undefined>> {
  const state = await locks()?.query();
  return new Set(state?.held?.map(({ name }) => name));
}
