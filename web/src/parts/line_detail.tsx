// The chosen line, whole.
import type { Entry } from "../model/timeline";
import { say } from "../text/words";
import { Seen } from "./seen";
import { textOf } from "./timeline_row";

const SHOWN_CHARS = 8192;
const DUMP_BYTES = 512;
const BYTES_A_LINE = 16;

function dump(hex: string): string {
    const bytes = hex.slice(0, 2 * DUMP_BYTES).match(/../g) ?? [];
    const lines = [];
    for (let at = 0; at < bytes.length; at += BYTES_A_LINE) {
        const part = bytes.slice(at, at + BYTES_A_LINE);
        const text = part.map((byte) => {
            const code = parseInt(byte, 16);
            return code > 31 && code < 127 ? String.fromCharCode(code) : ".";
        });
        const address = at.toString(16).padStart(4, "0");
        lines.push(`${address}  ${part.join(" ").padEnd(3 * BYTES_A_LINE)} ${text.join("")}`);
    }
    return lines.join("\n");
}

export function LineDetail({ entry, hasClients }: { entry: Entry; hasClients: boolean }) {
    const text = textOf(entry, hasClients);
    return (
        <div class="whole" tabIndex={0} role="region" aria-label={say("timeline")}>
            <pre>
                <Seen text={text} escaped={entry.kind === "at"} chars={SHOWN_CHARS} />
            </pre>
            {text.length > SHOWN_CHARS && <p class="muted">{say("more", text.length)}</p>}
            {entry.kind === "at" && <pre class="muted">{dump(entry.hex)}</pre>}
            {entry.kind === "at" && entry.starred && <p class="muted">{say("starred")}</p>}
        </div>
    );
}
