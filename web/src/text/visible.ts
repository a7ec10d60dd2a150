// Text from a host or a broker in pieces: what can be seen as it is, and names for what cannot:
// control bytes, and characters that take no room or turn the order of others round.

export interface Piece {
    text: string;
    name?: string; // it stands for something that cannot be seen
}

const NAMES: Record<string, string> = {
    "00": "NUL",
    "03": "^C",
    "08": "BS",
    "09": "\\t",
    "0a": "\\n",
    "0d": "\\r",
    "1a": "^Z",
    "1b": "ESC",
    "7f": "DEL",
};

// Escapes of the control interface (\xNN, \\), and characters that do not show.
const SPECIAL = new RegExp(
    "\\\\x([0-9a-f]{2})|\\\\\\\\|" +
        "[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f" +
        "\\u200b-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\uffff]",
    "g",
);

const codeOf = (character: string) =>
    "U+" + character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");

function nameOf(special: string, hex: string | undefined): string {
    if (hex) return NAMES[hex] ?? hex.toUpperCase();
    const code = special.charCodeAt(0).toString(16).padStart(2, "0");
    return NAMES[code] ?? codeOf(special);
}

// escaped: it came from the trace, where a backslash is written twice.
export function pieces(text: string, escaped: boolean): Piece[] {
    const found: Piece[] = [];
    let plain = "";
    let at = 0;
    const flush = () => {
        if (plain) found.push({ text: plain });
        plain = "";
    };
    for (const match of text.matchAll(SPECIAL)) {
        const isEscape = match[0].length > 1;
        if (isEscape && !escaped) continue;
        plain += text.slice(at, match.index);
        at = match.index! + match[0].length;
        if (match[0] === "\\\\") {
            plain += "\\";
            continue;
        }
        flush();
        found.push({ text: match[0], name: nameOf(match[0], match[1]) });
    }
    plain += text.slice(at);
    flush();
    return found;
}
