import type { Token, Tokens } from "marked";
import { createElement, Fragment, type ReactNode } from "react";
import { CodeBlock } from "../code/code-block";
import type { DetailsToken } from "../read/extensions/details";
import type { MathToken } from "../read/extensions/math";
import type { TagToken } from "../read/extensions/tags";
import { type Parts, partsOf } from "../read/parts";
import { decode } from "../read/safe";
import { Citation } from "./citation";
import { Details } from "./details";
import { Heading } from "./heading";
import { Anchor, Picture } from "./link";
import { List, type Mode } from "./list";
import { MathView } from "./math-view";
import { Note, NoteRef } from "./notes";
import { Table } from "./table";

/** Render marked's tokens as elements; no HTML is ever made from text. */
export function renderTokens(tokens: readonly Token[] | undefined, settled: boolean): ReactNode {
  return tokens?.map((token, index) => <Fragment key={index}>{renderToken(token, settled)}</Fragment>);
}

const MODES: readonly [Mode, Mode] = [
  { loose: false, render: renderTokens },
  { loose: true, render: renderTokens },
];

/** Render one token; `parts` are a list's or table's where they are known. */
export function renderToken(token: Token, settled: boolean, parts: Parts | undefined = partsOf(token, 0)): ReactNode {
  const inside = () => renderTokens("tokens" in token ? token.tokens : undefined, settled);
  switch (token.type) {
    case "paragraph":
      return <p dir="auto">{inside()}</p>;
    case "heading":
      return <Heading depth={token.depth}>{inside()}</Heading>;
    case "code":
      return <CodeBlock code={token.text} language={decode(token.lang ?? "")} settled={settled} />;
    case "blockquote":
      return <blockquote dir="auto">{inside()}</blockquote>;
    case "list":
      return parts && <List list={token as Tokens.List} parts={parts} settled={settled} modes={MODES} />;
    case "table":
      return <Table table={token as Tokens.Table} parts={parts} settled={settled} render={renderTokens} />;
    case "details":
      return (
        <Details open={(token as DetailsToken).open} summary={renderSummary(token as DetailsToken, settled)}>
          {inside()}
        </Details>
      );
    case "note":
      return <Note label={token.label}>{inside()}</Note>;
    case "hr":
      return <hr />;
    default:
      return renderWords(token, inside, settled);
  }
}

const renderSummary = ({ summary }: DetailsToken, settled: boolean) =>
  summary.length > 0 ? renderTokens(summary, settled) : null;

/** The words of a token without their marks. */
const plain = (token: Token): string => {
  const inside = ("tokens" in token && token.tokens) || [];
  return inside.length > 0 ? inside.map(plain).join("") : decode("text" in token ? token.text : token.raw);
};

/** Render what stands within a line. */
function renderWords(token: Token, inside: () => ReactNode, settled: boolean): ReactNode {
  switch (token.type) {
    case "math":
      return <MathView tex={(token as MathToken).text} display={(token as MathToken).display} />;
    case "strong":
      return <strong>{inside()}</strong>;
    case "em":
      return <em>{inside()}</em>;
    case "del":
      return <del>{inside()}</del>;
    case "tag":
      return createElement((token as TagToken).tag, null, inside());
    case "noteRef":
      return <NoteRef label={token.label} written={token.raw} />;
    case "citation":
      return <Citation number={token.number} address={decode(token.href)} />;
    case "codespan":
      return <code dir="ltr">{token.text}</code>;
    case "br":
      return <br />;
    case "link":
      return <Anchor address={token.autolink ? token.href : decode(token.href)}>{inside()}</Anchor>;
    case "image":
      return <Picture address={decode(token.href)} words={plain(token)} />;
    case "html":
      return /^<br\s*\/?>$/i.test(token.raw.trim()) ? <br /> : token.raw;
    case "text":
      return "tokens" in token && token.tokens ? renderTokens(token.tokens, settled) : decode(token.text);
    case "escape":
      return token.text;
    default:
      return null;
  }
}
