/** Hand a text to the person as a file. */
export function saveText(text: string, name: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  // The download has begun with the click's task; the address is needed until then.
  setTimeout(() => URL.revokeObjectURL(link.href));
}
