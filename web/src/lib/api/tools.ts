/** Tools: what an answer may use, and what it wants to do with them. */

import { call, get } from "./call";
import type { components } from "./generated";
import { conversationPath } from "./index";
import type { Decision, Step, ToolServer, WholeStep } from "./types";

type Schemas = components["schemas"];

export const TOOLS = "/api/tools";
export const tools = () =>
  get<{ readonly items: readonly ToolServer[]; readonly asking: readonly string[]; readonly resources: boolean }>(
    TOOLS,
  );

/** The address of a step; it is SWR's key too. */
export const stepPath = (conversationId: string, messageId: string, number: number) =>
  `${conversationPath(conversationId)}/messages/${encodeURIComponent(messageId)}/steps/${number}`;
export const step = (path: string) => get<WholeStep>(path);
export type Reply = NonNullable<Schemas["Decide"]["answer"]>;
type Seen = Pick<Step, "attempt" | "revision">;
/** `seen` is the step as it was shown: nobody allows or answers what they have not seen. */
export const decide = (path: string, { attempt, revision }: Seen, decision: Decision, answer?: Reply) =>
  call<Step>("POST", path, { body: { decision, attempt, revision, ...(answer && { answer }) } });

export type Connection = Schemas["Connection"];
type Returned = Schemas["Returned"];

export const CONNECTIONS = "/api/tools/connections";
const connectionPath = (server: string) => `${CONNECTIONS}/${encodeURIComponent(server)}`;
export const connections = () => get<Schemas["Connections"]>(CONNECTIONS).then(({ items }) => items);
export const returned = (back: Returned) => call<Connection>("POST", `${CONNECTIONS}/returned`, { body: back });
export const disconnect = (server: string) => call<void>("DELETE", connectionPath(server));
/** Leave the page for the place where the person allows the connection. */
export async function connect(server: string): Promise<void> {
  const { address } = await call<Schemas["Gateway"]>("POST", connectionPath(server), { body: {} });
  location.assign(address);
}

export type ManagedServer = Schemas["ManagedServer"];
export type ManagedTool = Schemas["ManagedTool"];
export type NewServer = Schemas["AddServer"];
export type ServerSettings = Schemas["ServerSettings"];
export type Correction = Schemas["CorrectTool"];

export const SERVERS = "/api/admin/tools";
const serverPath = (name: string) => `${SERVERS}/${encodeURIComponent(name)}`;
export const servers = () => get<Schemas["ManagedServers"]>(SERVERS).then(({ items }) => items);
export const addServer = (server: NewServer) => call<ManagedServer>("POST", SERVERS, { body: server });
export const changeServer = (name: string, settings: ServerSettings) =>
  call<ManagedServer>("PUT", serverPath(name), { body: settings });
export const removeServer = (name: string) => call<void>("DELETE", serverPath(name));
export const checkServer = (name: string) => call<ManagedServer>("POST", `${serverPath(name)}/check`, { body: {} });
export const correctTool = (name: string, correction: Correction) =>
  call<ManagedServer>("PUT", `${serverPath(name)}/tools`, { body: correction });

export type ServerPrompt = Schemas["ServerPrompt"];
export const SERVER_PROMPTS = "/api/tools/prompts";
export const serverPrompts = () => get<Schemas["ServerPrompts"]>(SERVER_PROMPTS).then(({ items }) => items);
/** Let a server make a message of its prompt. */
export const madeOfPrompt = ({ server, name }: ServerPrompt, values: ReadonlyMap<string, string>) =>
  call<Schemas["PromptText"]>("POST", SERVER_PROMPTS, {
    body: { server, name, arguments: Object.fromEntries(values) },
  });
