"use client";

import { countPoints } from "@/lib/points";
import { passagesOf, sourcesOf, withSources } from "@/lib/sources";
import { Markdown } from "@/ui/markdown";
import { Sources } from "@/ui/sources";
import { asks } from "../../thread/answer";
import { parts, type WrittenProps } from "./parts";
import { StepCard } from "./step-card";
import { StepLine } from "./step-line";

/** What an answer says, with the steps that it took where it took them. */
export function WrittenSteps({ message, text, steps, writing }: WrittenProps) {
  const sources = sourcesOf(steps);
  const numbered = [...passagesOf(message.citations), ...sources];
  const cut = parts(text, countPoints(text), steps);
  return (
    <>
      {cut.map((part, index) => (
        <div key={index < cut.length - 1 ? part.at : "end"}>
          {part.text.trim() !== "" && (
            <Markdown text={withSources(part.text, numbered)} growing={writing && index === cut.length - 1} />
          )}
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
      ))}
      {!writing && <Sources sources={sources} text={text} />}
    </>
  );
}
