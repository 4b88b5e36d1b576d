/** Gives a text to the browser to keep as a file. */
export function saveText(name: string, type: string, text: string) {
  saveFile(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

/** The same for what may be no text. */
export function saveFile(name: string, content: Blob) {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
