"use client";

import type { LucideIcon } from "lucide-react";
import {
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";

export interface MenuItem {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly danger?: boolean;
  readonly checked?: boolean;
  readonly note?: string;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

export interface TriggerProps {
  readonly ref: RefObject<HTMLButtonElement | null>;
  readonly "aria-haspopup": "menu";
  readonly "aria-expanded": boolean;
  readonly "aria-controls": string | undefined;
  readonly onClick: () => void;
}

export interface MenuProps {
  readonly label: string;
  readonly items: readonly (MenuItem | "line")[];
  readonly trigger: (props: TriggerProps) => ReactElement;
  readonly header?: ReactNode;
}

/** A menu of commands under a button: arrows, Home, End, first letters, Esc. */
export function Menu({ label, items, trigger, header }: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = (refocus = true) => {
    setOpen(false);
    if (refocus) button.current?.focus();
  };
  return (
    <>
      {trigger({
        ref: button,
        "aria-haspopup": "menu",
        "aria-expanded": open,
        "aria-controls": open ? id : undefined,
        onClick: () => setOpen(!open),
      })}
      {open && <Sheet id={id} label={label} items={items} header={header} button={button} close={close} />}
    </>
  );
}

interface SheetProps {
  readonly id: string;
  readonly label: string;
  readonly items: MenuProps["items"];
  readonly header: ReactNode;
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly close: (refocus?: boolean) => void;
}

function Sheet({ id, label, items, header, button, close }: SheetProps) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (element.current && button.current) place(element.current, button.current);
    first(element.current)?.focus({ preventScroll: true });
  }, [button]);
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!element.current?.contains(target) && !button.current?.contains(target)) close(false);
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  });
  return createPortal(
    <div
      ref={element}
      id={id}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      onKeyDown={(event) => steer(event, element.current, close)}
      className="fixed z-50 max-h-[min(26rem,80dvh)] min-w-52 max-w-[calc(100vw-1rem)] animate-rise overflow-y-auto rounded-xl border border-line bg-raised p-1.5 shadow-float"
    >
      {header}
      {items.map((item, index) =>
        item === "line" ? (
          <div key={index} role="separator" className="my-1.5 h-px bg-line" />
        ) : (
          <Row key={item.label} item={item} close={close} />
        ),
      )}
    </div>,
    button.current?.closest("dialog, main, nav") ?? document.body,
  );
}

function Row({ item, close }: { readonly item: MenuItem; readonly close: () => void }) {
  const Icon = item.icon;
  return (
    <button
      type="button"
      role={item.checked === undefined ? "menuitem" : "menuitemradio"}
      aria-checked={item.checked}
      disabled={item.disabled}
      tabIndex={-1}
      onClick={() => {
        close();
        item.onSelect();
      }}
      className={`flex w-full items-center gap-3 rounded-lg px-3 py-2 text-start text-sm hover:bg-hover focus:bg-hover focus:outline-none disabled:opacity-50 ${item.danger ? "text-danger" : ""}`}
    >
      {Icon && <Icon aria-hidden className="size-4 shrink-0 opacity-80" strokeWidth={1.75} />}
      <span className="min-w-0 flex-1 truncate">{item.label}</span>
      {item.note && <span className="text-xs text-muted">{item.note}</span>}
      {item.checked && <span aria-hidden>✓</span>}
    </button>
  );
}

const rows = (sheet: HTMLElement | null) => [
  ...(sheet?.querySelectorAll<HTMLElement>("[role^=menuitem]:not(:disabled)") ?? []),
];
const first = (sheet: HTMLElement | null) =>
  sheet?.querySelector<HTMLElement>("input") ??
  sheet?.querySelector<HTMLElement>("[aria-checked=true]") ??
  rows(sheet)[0];

function steer(event: KeyboardEvent, sheet: HTMLElement | null, close: (refocus?: boolean) => void): void {
  const all = rows(sheet);
  const now = all.indexOf(document.activeElement as HTMLElement);
  const to = (index: number) => {
    event.preventDefault();
    all.at(index % all.length)?.focus();
  };
  if (event.key === "Escape") {
    event.stopPropagation();
    event.preventDefault();
    close();
  } else if (event.key === "Tab") close(false);
  else if (event.key === "ArrowDown") to(now + 1);
  else if (event.key === "ArrowUp") to(now < 0 ? -1 : now - 1);
  else if (event.key === "Home") to(0);
  else if (event.key === "End") to(-1);
  else if (event.key.length === 1 && !(event.target instanceof HTMLInputElement)) {
    const letter = event.key.toLowerCase();
    const found = [...all.slice(now + 1), ...all].find((row) =>
      row.textContent?.trim().toLowerCase().startsWith(letter),
    );
    found?.focus();
  }
}

/** Put the sheet under the button, or above where there is no room, inside the window. */
function place(sheet: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = sheet;
  const rtl = getComputedStyle(button).direction === "rtl";
  const fromStart = rtl ? at.right - width : at.left;
  const fits = fromStart >= 8 && fromStart + width <= innerWidth - 8;
  const fromEnd = rtl ? at.left : at.right - width;
  const left = Math.min(Math.max(8, fits ? fromStart : fromEnd), innerWidth - width - 8);
  const below = at.bottom + 6;
  const top = below + height <= innerHeight - 8 ? below : Math.max(8, at.top - height - 6);
  sheet.style.left = `${left}px`;
  sheet.style.top = `${top}px`;
}
