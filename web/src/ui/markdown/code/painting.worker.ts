/** The worker that colours code: the grammars take long to be made ready, which would hold up the page. */

import { type Painter, painter } from "./highlight";
import type { Ask, Line, Told } from "./painted";

interface Block {
  readonly painter: Promise<Painter | null>;
  turn: number;
  code: string;
  lines: readonly Line[];
  waiting: boolean;
}

const blocks = new Map<number, Block>();

addEventListener("message", ({ data }: MessageEvent<Ask>) => {
  if (data.more === null) blocks.delete(data.block);
  else take(data, data.more);
});

function take({ block: id, turn, language, keep }: Ask, more: string): void {
  const block = blocks.get(id) ?? {
    painter: painter(language).catch(() => null),
    turn,
    code: "",
    lines: [],
    waiting: false,
  };
  blocks.set(id, block);
  if (turn !== block.turn) block.lines = [];
  block.turn = turn;
  block.code = block.code.slice(0, keep) + more;
  if (!block.waiting) void tell(id, block);
}

/** Colour a block once all that has come of it by now is here. */
async function tell(id: number, block: Block): Promise<void> {
  block.waiting = true;
  const found = await block.painter;
  block.waiting = false;
  if (found === null || blocks.get(id) !== block) return;
  const lines = found.paint(block.code);
  const from = lines.findIndex((line, index) => line !== block.lines[index]);
  const told: Told = {
    block: id,
    turn: block.turn,
    length: block.code.length,
    from: from < 0 ? lines.length : from,
    lines: from < 0 ? [] : lines.slice(from),
  };
  block.lines = lines;
  postMessage(told);
}
