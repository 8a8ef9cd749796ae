import type { Token, Tokens } from "marked";
import { Fragment, type ReactNode } from "react";
import { CodeBlock } from "../code/code-block";
import type { MathToken } from "../read/math";
import { decode, safeAddress } from "../read/safe";
import { Heading } from "./heading";
import { MathView } from "./math-view";

/** Render marked's tokens as elements; no HTML is ever made from text. */
export function renderTokens(tokens: readonly Token[] | undefined, settled: boolean): ReactNode {
  return tokens?.map((token, index) => <Fragment key={index}>{renderToken(token, settled)}</Fragment>);
}

export function renderToken(token: Token, settled: boolean): ReactNode {
  const inside = () => renderTokens("tokens" in token ? token.tokens : undefined, settled);
  switch (token.type) {
    case "paragraph":
      return <p dir="auto">{inside()}</p>;
    case "heading":
      return <Heading depth={token.depth}>{inside()}</Heading>;
    case "code":
      return <CodeBlock code={token.text} language={token.lang ?? ""} settled={settled} />;
    case "blockquote":
      return <blockquote dir="auto">{inside()}</blockquote>;
    case "list":
      return <List list={token as Tokens.List} settled={settled} />;
    case "table":
      return <Table table={token as Tokens.Table} settled={settled} />;
    case "hr":
      return <hr />;
    case "math":
      return <MathView tex={(token as MathToken).text} display={(token as MathToken).display} />;
    case "strong":
      return <strong>{inside()}</strong>;
    case "em":
      return <em>{inside()}</em>;
    case "del":
      return <del>{inside()}</del>;
    case "codespan":
      return <code dir="ltr">{token.text}</code>;
    case "br":
      return <br />;
    case "link":
      return <Anchor address={token.href}>{inside()}</Anchor>;
    case "image":
      return <Picture address={token.href} words={token.text} />;
    case "html":
      return /^<br\s*\/?>$/i.test(token.raw.trim()) ? <br /> : token.raw;
    case "text":
      return "tokens" in token && token.tokens ? inside() : decode(token.text);
    case "escape":
      return decode(token.text);
    default:
      return null;
  }
}

function List({ list, settled }: { readonly list: Tokens.List; readonly settled: boolean }) {
  const items = list.items.map((item, index) => (
    <li key={index} dir="auto" className={item.task ? "task" : undefined}>
      {item.task && (
        <input type="checkbox" checked={item.checked ?? false} disabled aria-label={item.checked ? "✓" : "–"} />
      )}
      {renderTokens(
        item.tokens.filter((token) => token.type !== "checkbox"),
        settled,
      )}
    </li>
  ));
  return list.ordered ? (
    <ol dir="auto" start={Number(list.start) || 1}>
      {items}
    </ol>
  ) : (
    <ul dir="auto">{items}</ul>
  );
}

function Table({ table, settled }: { readonly table: Tokens.Table; readonly settled: boolean }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="table" tabIndex={0} role="group">
      <table dir="auto">
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} scope="col" style={{ textAlign: cell.align ?? undefined }}>
                {renderTokens(cell.tokens, settled)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} style={{ textAlign: cell.align ?? undefined }}>
                  {renderTokens(cell.tokens, settled)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Anchor({ address, children }: { readonly address: string; readonly children: ReactNode }) {
  const safe = safeAddress(address);
  if (safe === null) return <span>{children}</span>;
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

/** A picture from elsewhere is only a link: fetching it unasked would tell its host what was said. */
function Picture({ address, words }: { readonly address: string; readonly words: string }) {
  if (/^data:image\/(png|jpeg|gif|webp);base64,/.test(address)) return <img src={address} alt={words} />;
  return <Anchor address={address}>🖼 {words || address}</Anchor>;
}
