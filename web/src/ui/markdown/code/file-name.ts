/** What languages' files end in, where that isn't the language's own name. */
const ENDINGS: Readonly<Record<string, string>> = {
  bash: "sh",
  "c++": "cpp",
  "c#": "cs",
  csharp: "cs",
  golang: "go",
  haskell: "hs",
  javascript: "js",
  jsx: "jsx",
  julia: "jl",
  kotlin: "kt",
  latex: "tex",
  makefile: "mk",
  markdown: "md",
  mermaid: "mmd",
  perl: "pl",
  powershell: "ps1",
  python: "py",
  ruby: "rb",
  rust: "rs",
  shell: "sh",
  typescript: "ts",
  yaml: "yml",
  zsh: "sh",
};

/** A file name for a piece of code in a language, as its fence names it. */
export function fileNameOf(language: string): string {
  const name = language.toLowerCase();
  const ending = ENDINGS[name] ?? (/^[a-z0-9]{1,10}$/.test(name) ? name : "txt");
  return `${name === "dockerfile" ? "Dockerfile" : `code.${ending}`}`;
}
