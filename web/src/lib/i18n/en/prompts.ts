/** What the page says of the prompt library. */
export const prompts = {
  "prompts.about": "A prompt is a text that you call with / and its name at the beginning of a message.",
  "prompts.asksFor": "Asks for: {names}",
  "prompts.deleteAbout": "Its versions are deleted, too, and whoever it was shared with can't use it any more.",
  "prompts.deleteDo": "Delete prompt",
  "prompts.export": "Save your prompts as a file",
  "prompts.handle": "Name to call it by",
  "prompts.handleHint": "Small letters, digits and hyphens. It can't be changed later.",
  "prompts.import": "Import from a file (also from Open WebUI)",
  "prompts.name": "Name",
  "prompts.new": "New prompt",
  "prompts.noFile": "There are no prompts in this file.",
  "prompts.none": "No prompts yet.",
  "prompts.taken": "{count, plural, one:# prompt was imported., other:# prompts were imported.}",
  "prompts.text": "Text",
  "prompts.textHint": "Put what changes in two pairs of braces, with a type if you like.",
} as const;
