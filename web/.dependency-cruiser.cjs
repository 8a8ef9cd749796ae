/** Who may import whom in the page: app → features → ui | lib; and inside the chat, which room may import which. */

/** The rooms of features/chat, each with the rooms that it may import. What lies beside them puts them together. */
const CHAT = {
  thread: [],
  temporary: ["thread"],
  composer: ["thread"],
  "deep-link": ["thread"],
  messages: ["thread", "deep-link"],
};

const chatRooms = Object.entries(CHAT).map(([room, others]) => ({
  name: `chat-${room}`,
  comment: `features/chat/${room} imports ${others.join(", ") || "no other room of the chat"}.`,
  severity: "error",
  from: { path: `^src/features/chat/${room}/` },
  to: {
    path: "^src/features/chat/",
    pathNot: `^src/features/chat/(${[room, ...others].join("|")})/`,
    // The thread loads the temporary chat on demand: a question asked there is answered by it.
    ...(room === "thread" ? { dependencyTypesNot: ["dynamic-import"] } : {}),
  },
}));

module.exports = {
  forbidden: [
    ...chatRooms,
    {
      name: "keys-apart",
      comment: "The API keys know nothing of the account around them.",
      severity: "error",
      from: { path: "^src/features/settings/keys/" },
      to: { path: "^src/features/settings/", pathNot: "^src/features/settings/keys/" },
    },
    {
      name: "features-apart",
      comment: "A feature never imports another; what two need lives in lib or ui.",
      severity: "error",
      from: { path: "^src/features/([^/]+)/" },
      to: { path: "^src/features/", pathNot: "^src/features/$1/" },
    },
    {
      name: "ui-knows-no-feature",
      severity: "error",
      from: { path: "^src/ui/" },
      to: { path: "^src/(features|main)/" },
    },
    {
      name: "lib-knows-nobody",
      severity: "error",
      from: { path: "^src/lib/" },
      to: { path: "^src/(features|main|ui)/" },
    },
    { name: "features-under-main", severity: "error", from: { path: "^src/features/" }, to: { path: "^src/main/" } },
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-dead-imports", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  required: [],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
    },
  },
};
