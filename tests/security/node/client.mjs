// OpenAI's client for Node against the server in OPENAI_BASE_URL: prints one line of JSON with what it heard.
import OpenAI from "openai";

const model = "counter";
const messages = [{ role: "user", content: "Count." }];
const tools = [{ type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } }];
const client = new OpenAI({ maxRetries: 0, timeout: 60_000 });

const listed = (await client.models.list()).data.map((each) => each.id);
const whole = await client.chat.completions.create({ model, messages });

let streamed = "";
let usage = null;
for await (const chunk of await client.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } })) {
  streamed += chunk.choices[0]?.delta?.content ?? "";
  usage = chunk.usage ?? usage;
}

const called = await client.chat.completions.stream({ model, messages, tools }).finalChatCompletion();
const ran = await client.chat.completions
  .runTools({ model, messages, tools: [{ type: "function", function: { ...tools[0].function, parse: JSON.parse, function: (given) => `Rain in ${given.city}.` } }] }, { maxChatCompletions: 2 })
  .on("error", () => {})
  .done()
  .catch((error) => String(error));

let refused = null;
await client.chat.completions.create({ model, messages, n: 2 }).catch((error) => (refused = [error.status, error.code]));

const stream = await client.chat.completions.create({ model: "slow", messages, stream: true });
let heard = 0;
for await (const chunk of stream) {
  heard += (chunk.choices[0]?.delta?.content ?? "") !== "";
  if (heard === 2) stream.controller.abort();
}

const said = called.choices[0];
console.log(
  JSON.stringify({
    listed, whole: whole.choices[0].message.content, streamed, usage, refused, heard, ran: ran ?? null,
    finish: said.finish_reason, calls: said.message.tool_calls.map((call) => JSON.parse(call.function.arguments)),
  }),
);
