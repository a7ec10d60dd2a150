// What was seen of one modem: the last so many entries, in the order in which they came. Each has a
// number that it keeps; what is older was dropped, and counted.
import type { TraceEvent } from "../api/types";

export type GapReason = "lost" | "restarted" | "away" | "paused";

export interface Gap {
    kind: "gap";
    t_ms: number;
    reason: GapReason;
    missed: number; // milliseconds, or events where they were counted (paused)
}

export interface Malformed {
    kind: "malformed";
    t_ms: number;
    text: string;
}

export type Entry = TraceEvent | Gap | Malformed;

export const ENTRIES_MAX = 20_000;
export const CHARS_MAX = 16_000_000;

function charsOf(entry: Entry): number {
    if (entry.kind === "at") return entry.hex.length + entry.text.length;
    return entry.kind === "malformed" ? entry.text.length : 200;
}

export class Timeline {
    first = 0; // the number of the oldest that is kept
    next = 0; // the number that the next one gets
    dropped = 0; // events that are no longer kept
    notKept = 0; // events that came while it was paused and full
    private slots: Entry[] = [];
    private chars = 0;
    private isPaused = false;

    constructor(
        private readonly entriesMax = ENTRIES_MAX,
        private readonly charsMax = CHARS_MAX,
    ) {}

    get(number: number): Entry {
        return this.slots[number % this.entriesMax]!;
    }

    get paused() {
        return this.isPaused;
    }

    get lastTime(): number {
        return this.next > this.first ? this.get(this.next - 1).t_ms : 0;
    }

    push(entry: Entry) {
        const chars = charsOf(entry);
        while (this.next > this.first && this.isFullFor(chars)) {
            if (this.isPaused) {
                this.notKept++;
                return;
            }
            this.dropFirst();
        }
        this.slots[this.next++ % this.entriesMax] = entry;
        this.chars += chars;
    }

    // While it is paused nothing that is kept is dropped: what finds no room is counted instead.
    pause() {
        this.isPaused = true;
    }

    goOn() {
        this.isPaused = false;
        if (this.notKept > 0)
            this.push({ kind: "gap", t_ms: this.lastTime, reason: "paused", missed: this.notKept });
        this.dropped += this.notKept;
        this.notKept = 0;
    }

    clear() {
        this.first = this.next;
        this.slots = [];
        this.chars = this.notKept = 0;
    }

    private isFullFor(chars: number) {
        return this.next - this.first >= this.entriesMax || this.chars + chars > this.charsMax;
    }

    private dropFirst() {
        this.chars -= charsOf(this.get(this.first++));
        this.dropped++;
    }
}
