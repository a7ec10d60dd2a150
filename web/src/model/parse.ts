// An event's text as an event: what has not its form is told as such and never shown as another.
import type { TraceEvent } from "../api/types";
import type { Entry } from "./timeline";

const KEPT_CHARS = 200;

function isText(value: unknown): value is string {
    return typeof value === "string";
}

function hasForm(value: Record<string, unknown>): boolean {
    if (!Number.isFinite(value.t_ms)) return false;
    switch (value.kind) {
        case "at":
            return (
                isText(value.text) &&
                isText(value.hex) &&
                /^([0-9a-f]{2})*$/.test(value.hex) &&
                (value.dir === "host" || value.dir === "modem")
            );
        case "mqtt":
            return isText(value.packet) && (value.dir === "in" || value.dir === "out");
        case "news":
            return isText(value.what);
        case "fault":
            return isText(value.what) && isText(value.name) && isText(value.type);
        default:
            return false;
    }
}

export function parseEvent(data: string, now_ms: number): Entry {
    try {
        const value = JSON.parse(data);
        if (value && hasForm(value)) return value as TraceEvent;
    } catch {
        // It is told below.
    }
    return { kind: "malformed", t_ms: now_ms, text: data.slice(0, KEPT_CHARS) };
}
