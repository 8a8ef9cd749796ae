import { useT } from "@/lib/i18n";
import { Button } from "./button";

interface FormEndProps {
  /** What was wrong with the last try. */
  readonly fault?: string | null;
  /** What the form does. */
  readonly label: string;
  readonly busy?: boolean;
  readonly onCancel: () => void;
}

/** The end of a form in a dialog: what went wrong, the way out, and the doing. */
export function FormEnd({ fault = null, label, busy = false, onCancel }: FormEndProps) {
  const t = useT();
  return (
    <>
      {fault && (
        <p role="alert" className="text-danger">
          {fault}
        </p>
      )}
      <div className="flex justify-end gap-3">
        <Button onClick={onCancel}>{t("cancel")}</Button>
        <Button type="submit" look="primary" disabled={busy}>
          {label}
        </Button>
      </div>
    </>
  );
}
