"use client";

import useSWR from "swr";
import * as admin from "@/lib/api/admin";
import { count, duration } from "@/lib/format";
import { useLanguage, useT } from "@/lib/i18n";
import { Chip, States } from "./states";

/** What waits and runs, who works, which engines answer: looked at anew every few seconds. */
export function Pools() {
  const t = useT();
  const { data, error, mutate } = useSWR(admin.POOLS, admin.pools, { refreshInterval: 3_000 });
  return (
    <section aria-label={t("admin.pools")} className="flex flex-col gap-4">
      <p className="text-sm text-muted">{t("admin.pools.about")}</p>
      {data && !data.workers_known && (
        <p role="alert" className="rounded-lg bg-warn-soft px-3 py-2 text-sm text-warn">
          {t("admin.pools.blind")}
        </p>
      )}
      <States items={data?.items} error={error} empty={t("admin.pools.none")} onRetry={() => void mutate()}>
        {(pools) => pools.map((pool) => <Card key={pool.name} pool={pool} />)}
      </States>
    </section>
  );
}

function Card({ pool }: { readonly pool: admin.Pool }) {
  const t = useT();
  const language = useLanguage();
  const facts = [
    [t("admin.pools.waiting"), count(pool.waiting, language)],
    [t("admin.pools.oldest"), pool.oldest_s === null ? "–" : duration(pool.oldest_s * 1000, language)],
    [t("admin.pools.running"), count(pool.running, language)],
    [t("admin.pools.capacity"), count(sum(pool.workers.map((worker) => worker.capacity)), language)],
  ] as const;
  return (
    <article aria-label={pool.name} className="rounded-2xl border border-line bg-raised p-4">
      <h2 className="flex flex-wrap items-center gap-2 text-lg font-medium">
        <bdi>{pool.name}</bdi>
        <Chip tone={pool.up ? "good" : "bad"}>{t(pool.up ? "admin.pools.up" : "admin.pools.down")}</Chip>
        {pool.engines.map((engine) => (
          <Chip key={engine}>{engine}</Chip>
        ))}
      </h2>
      <dl className="mt-3 grid grid-cols-2 gap-3 sm:grid-cols-4">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-sm text-muted">{name}</dt>
            <dd className="font-serif text-2xl tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      {pool.models.length > 0 && (
        <ul aria-label={t("admin.models")} className="mt-4 flex flex-wrap gap-2">
          {pool.models.map((model) => (
            <li key={model.name}>
              <Chip tone={model.state === "down" ? "bad" : model.state === "loaded" ? "good" : "plain"}>
                <bdi>{model.name}</bdi>: {t(`admin.state.${model.state}`)}
              </Chip>
            </li>
          ))}
        </ul>
      )}
      {pool.workers.length > 0 && (
        <Table
          caption={t("admin.pools.workers")}
          heads={[t("admin.pools.worker"), t("admin.pools.running"), t("admin.pools.capacity"), t("admin.pools.taken")]}
          rows={pool.workers.map((worker) => [worker.id, worker.running, worker.capacity, worker.taken])}
        />
      )}
      {pool.replicas.some((replica) => replica.address) && (
        <Table
          caption={t("admin.pools.replicas")}
          heads={[
            t("admin.pools.address"),
            t("admin.pools.running"),
            t("admin.pools.waiting"),
            t("admin.pools.state"),
            t("admin.pools.trouble"),
          ]}
          rows={pool.replicas.map((replica) => [
            replica.address,
            replica.busy,
            replica.waiting,
            t(replica.up ? "admin.pools.up" : "admin.pools.down"),
            replica.trouble,
          ])}
        />
      )}
    </article>
  );
}

interface TableProps {
  readonly caption: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

function Table({ caption, heads, rows }: TableProps) {
  const language = useLanguage();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="mt-4 overflow-x-auto" tabIndex={0} role="group" aria-label={caption}>
      <table className="w-full text-start text-sm">
        <caption className="pb-1 text-start text-muted">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-muted">
            {heads.map((head) => (
              <th key={head} scope="col" className="py-1 pe-4 text-start font-normal whitespace-nowrap">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={`${row[0]} ${index}`}>
              {row.map((cell, place) => (
                <td key={heads[place]} className="py-1 pe-4 whitespace-nowrap tabular-nums">
                  {typeof cell === "number" ? count(cell, language) : <bdi>{cell}</bdi>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
