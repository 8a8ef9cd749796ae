"use client";

import { fetched } from "@/lib/fetched";
import { withSentences } from "@/lib/i18n";
import { passagesOf, withSources } from "@/lib/sources";
import { Markdown } from "@/ui/markdown";
import type { WrittenProps } from "./parts";

/** What shows steps is fetched with the first answer that has one. */
const WithSteps = fetched<WrittenProps>(
  () =>
    withSentences(
      "steps",
      import("./written-steps").then((module) => module.WrittenSteps),
    ),
  Plain,
);

/** What an answer says, with the steps that it took where it took them. */
export function Written(props: WrittenProps) {
  return props.steps.length > 0 ? <WithSteps {...props} /> : <Plain {...props} />;
}

function Plain({ message, text, writing }: WrittenProps) {
  const given = withSources(text, passagesOf(message.citations));
  return text === "" ? null : <Markdown text={given} growing={writing} />;
}
