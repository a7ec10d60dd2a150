// A recording as imqttctl makes and reads it, out of what the timeline keeps.
import type { TraceEvent } from "../api/types";

// An event and its Unix time.
export interface Stamped<E extends TraceEvent = TraceEvent> {
    event: E;
    unix_ms: number;
}

export function recording(modem: string, version: string, all: Stamped[]): string {
    const from = all[0]?.unix_ms ?? Date.now();
    const started = new Date(from).toISOString().replace(/\.\d+Z$/, "Z");
    const head = { imqtt_recording: 1, version, modem, started };
    const lines = all.map(({ event, unix_ms }) => {
        const { t_ms: _, ...rest } = event;
        return `{"t_ms":${(unix_ms - from).toFixed(3)},${JSON.stringify(rest).slice(1)}`;
    });
    return [JSON.stringify(head), ...lines, ""].join("\n");
}
