"use client";

import { Menu as Base } from "@base-ui/react/menu";
import type { LucideIcon } from "lucide-react";
import { type ReactNode, type RefObject, useRef } from "react";
import { landmarkOf, OVERLAY } from "@/lib/overlay";

export interface MenuItem {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly danger?: boolean;
  readonly checked?: boolean;
  /** Others may be checked besides. */
  readonly many?: boolean;
  readonly note?: string;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

export interface MenuSheetProps {
  readonly id: string;
  readonly label: string;
  readonly items: readonly (MenuItem | "line")[];
  readonly header: ReactNode;
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly open: boolean;
  /** It was opened from the keyboard: the first item is ready to be chosen. */
  readonly byKey: boolean;
  readonly onClose: () => void;
}

/** The open menu: arrows, Home, End, first letters and Esc, placed where there is room. */
export function MenuSheet({ id, label, items, header, button, open, byKey, onClose }: MenuSheetProps) {
  const chosen = useRef<(() => void) | null>(null);
  const popup = useRef<HTMLDivElement>(null);
  /** What was chosen runs when the focus is back on the button, so that it can take the focus elsewhere. */
  const run = () => {
    const wanted = chosen.current;
    chosen.current = null;
    wanted?.();
  };
  const settled = (now: boolean) => {
    if (!now) run();
    else if (byKey) startOf(popup.current)?.focus();
  };
  return (
    <Base.Root
      open={open}
      onOpenChange={(now, details) => {
        // A press on the button is the button's own to answer.
        if (button.current?.contains(details.event.target as Node | null)) details.cancel();
        else if (!now) onClose();
      }}
      onOpenChangeComplete={settled}
    >
      <Base.Portal container={landmarkOf(button.current)}>
        <Base.Positioner
          positionMethod="fixed"
          anchor={button}
          align="start"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 outline-none"
        >
          <Base.Popup
            id={id}
            ref={popup}
            aria-label={label}
            finalFocus={button}
            className="max-h-[min(26rem,var(--available-height))] min-w-52 max-w-[calc(100vw-1rem)] animate-rise overflow-y-auto rounded-xl border border-line bg-raised p-1.5 shadow-float outline-none"
            {...OVERLAY}
          >
            {header}
            {items.map((item, index) =>
              item === "line" ? (
                <Base.Separator key={index} className="my-1.5 h-px bg-line" />
              ) : (
                <Row
                  key={item.label}
                  item={item}
                  onChoose={() => {
                    chosen.current = item.onSelect;
                  }}
                />
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const startOf = (popup: HTMLElement | null) =>
  popup?.querySelector<HTMLElement>("[aria-checked=true]") ??
  popup?.querySelector<HTMLElement>("[role^=menuitem]:not([aria-disabled=true])");

function Row({ item, onChoose }: { readonly item: MenuItem; readonly onChoose: () => void }) {
  const Icon = item.icon;
  return (
    <Base.Item
      label={item.label}
      disabled={item.disabled ?? false}
      onClick={onChoose}
      {...(item.checked === undefined
        ? {}
        : { role: item.many ? "menuitemcheckbox" : "menuitemradio", "aria-checked": item.checked })}
      className={`flex min-h-9 cursor-pointer items-center gap-3 rounded-lg px-3 py-2 text-start text-sm outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover pointer-coarse:min-h-11 ${item.danger ? "text-danger" : ""}`}
    >
      {Icon && <Icon aria-hidden className="size-4 shrink-0 opacity-80" strokeWidth={1.75} />}
      <span className="min-w-0 flex-1 truncate">{item.label}</span>
      {item.note && <span className="text-xs text-muted">{item.note}</span>}
      {item.checked && <span aria-hidden>✓</span>}
    </Base.Item>
  );
}
