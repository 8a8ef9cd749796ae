"use client";

import { type MouseEvent, type ReactElement, type ReactNode, type RefObject, useId, useRef, useState } from "react";
import { fetched } from "@/lib/fetched";
import type { MenuItem, MenuSheetProps } from "./menu-sheet";

export interface TriggerProps {
  readonly ref: RefObject<HTMLButtonElement | null>;
  readonly "aria-haspopup": "menu";
  readonly "aria-expanded": boolean;
  readonly "aria-controls": string | undefined;
  readonly onClick: (event: MouseEvent) => void;
}

/** What an open menu has to know besides what is in it. */
export type OpenMenuProps = Omit<MenuSheetProps, "items" | "header">;

export interface MenuOfProps {
  readonly label: string;
  readonly sheet: (props: OpenMenuProps) => ReactElement;
  readonly trigger: (props: TriggerProps) => ReactElement;
}

export interface MenuProps extends Omit<MenuOfProps, "sheet"> {
  readonly items: readonly (MenuItem | "line")[];
  readonly header?: ReactNode;
}

const Sheet = fetched<MenuSheetProps>(() => import("./menu-sheet").then((module) => module.MenuSheet));

/** Fetch what a menu needs before one is opened. */
export const prepareMenus = (): void => Sheet.prepare();

/** A menu of commands under a button. What it takes to show one is fetched when the first is opened. */
export function Menu({ items, header, ...rest }: MenuProps) {
  return <MenuOf sheet={(props) => <Sheet {...props} items={items} header={header} />} {...rest} />;
}

/** A menu whose very items are fetched when it is opened. */
export function MenuOf({ label, sheet, trigger }: MenuOfProps) {
  const [state, setState] = useState<"never" | "closed" | "open">("never");
  const [byKey, setByKey] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const open = state === "open";
  return (
    <>
      {trigger({
        ref: button,
        "aria-haspopup": "menu",
        "aria-expanded": open,
        "aria-controls": open ? id : undefined,
        onClick: (event) => {
          setByKey(event.detail === 0);
          setState(open ? "closed" : "open");
        },
      })}
      {state !== "never" && sheet({ id, label, button, open, byKey, onClose: () => setState("closed") })}
    </>
  );
}
