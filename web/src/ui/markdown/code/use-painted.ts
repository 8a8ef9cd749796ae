"use client";

import { useEffect, useRef, useState } from "react";
import { type Ask, common, type Painted, PLAIN, repainted, type Told } from "./painted";

type Hear = (told: Told) => void;

const hearers = new Map<number, Hear>();
let worker: Worker | null = null;
let blocks = 0;

/** One worker for all blocks. Where there can be none, code stays plain. */
function send(ask: Ask): void {
  if (worker === null) {
    worker = new Worker(new URL("./painting.worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Told>) => hearers.get(data.block)?.(data));
  }
  worker.postMessage(ask);
}

/** The colours of a code as far as they are there; they follow while it grows. */
export function usePainted(code: string, language: string): Painted {
  const [painted, setPainted] = useState(PLAIN);
  const told = useRef({ block: 0, turn: 0, code: "" });
  useEffect(() => {
    if (language === "") return;
    const block = ++blocks;
    told.current = { block, turn: 0, code: "" };
    hearers.set(block, (news) => {
      const { turn, code } = told.current;
      if (news.turn === turn) setPainted((before) => repainted(before, news, code));
    });
    return () => {
      hearers.delete(block);
      send({ block, turn: 0, language, keep: 0, more: null });
      setPainted(PLAIN);
    };
  }, [language]);
  useEffect(() => {
    const { block, turn: last, code: before } = told.current;
    if (language === "" || code === before) return;
    const keep = common(before, code);
    const turn = keep < before.length ? last + 1 : last;
    told.current = { block, turn, code };
    send({ block, turn, language, keep, more: code.slice(keep) });
  }, [code, language]);
  return painted;
}
