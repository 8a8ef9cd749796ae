import { useT } from "@/lib/i18n";

interface Named {
  readonly id: string;
  readonly name: string;
}

export interface GroupChoiceProps {
  readonly groups: readonly Named[];
  readonly chosen: readonly string[];
  readonly onChange: (ids: string[]) => void;
}

/** Boxes to check: the groups that something is given to. */
export function GroupChoice({ groups, chosen, onChange }: GroupChoiceProps) {
  const t = useT();
  const toggle = (id: string) => onChange(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{t("groups.title")}</legend>
      {groups.length === 0 && <p className="text-sm text-muted">{t("groups.none")}</p>}
      {groups.map(({ id, name }) => (
        <label key={id} className="flex min-h-6 items-center gap-3 text-sm">
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={() => toggle(id)}
            className="size-4 shrink-0 accent-(--accent)"
          />
          <bdi className="truncate">{name}</bdi>
        </label>
      ))}
    </fieldset>
  );
}
