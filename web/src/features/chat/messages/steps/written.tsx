"use client";

import type { Message, Step } from "@/lib/api";
import { countPoints } from "@/lib/points";
import { Markdown } from "@/ui/markdown";
import { asks, parts } from "./parts";
import { StepCard } from "./step-card";
import { StepLine } from "./step-line";

export interface WrittenProps {
  readonly message: Message;
  readonly text: string;
  readonly steps: readonly Step[];
  readonly writing: boolean;
}

/** What an answer says, with the steps that it took where it took them. */
export function Written({ message, text, steps, writing }: WrittenProps) {
  if (steps.length === 0) return text === "" ? null : <Markdown text={text} growing={writing} />;
  const cut = parts(text, countPoints(text), steps);
  return cut.map((part, index) => (
    <div key={index < cut.length - 1 ? part.at : "end"}>
      {part.text.trim() !== "" && <Markdown text={part.text} growing={writing && index === cut.length - 1} />}
      {part.steps.length > 0 && (
        <ul className="my-3 flex flex-col gap-1">
          {part.steps.map((step) => (
            <li key={step.number}>
              <StepLine message={message} step={step} />
              {writing && asks(step) && <StepCard message={message} step={step} />}
            </li>
          ))}
        </ul>
      )}
    </div>
  ));
}
