// Gives the browser a file to keep, and the clipboard a text.

export function save(name: string, parts: BlobPart[], type: string) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(parts, { type }));
    link.download = name.replace(/[^\w.-]/g, "_");
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// navigator.clipboard is not there on another computer's address without TLS.
export async function copy(text: string) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
}
