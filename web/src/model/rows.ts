// The entries of a timeline that are shown: those of the wanted kinds, and of these, if so asked,
// only those that have the text that is looked for.
import type { Entry, Timeline } from "./timeline";

export type Kind = "at" | "mqtt" | "news" | "fault";

export const KINDS: Kind[] = ["at", "mqtt", "news", "fault"];

export interface Filter {
    kinds: ReadonlySet<Kind>;
    find: string;
    onlyFound: boolean;
}

// All that can be found in an entry, in small letters.
export function haystack(entry: Entry): string {
    if (entry.kind === "at" || entry.kind === "malformed") return entry.text.toLowerCase();
    if (entry.kind === "gap") return "";
    const mark = "client" in entry ? `#${entry.client} ` : "";
    return (mark + Object.values(entry).slice(2).join(" ")).toLowerCase();
}

export class Rows {
    // Numbers of entries. Those before the head are gone.
    private numbers: number[] = [];
    private head = 0;
    private seen = 0;
    private filter: Filter = { kinds: new Set(KINDS), find: "", onlyFound: false };

    constructor(private readonly timeline: Timeline) {
        this.seen = timeline.first;
    }

    get count() {
        return this.numbers.length - this.head;
    }

    // The number of the entry in that row.
    at(row: number): number {
        return this.numbers[this.head + row]!;
    }

    setFilter(filter: Filter) {
        this.filter = { ...filter, find: filter.find.toLowerCase() };
        this.numbers = [];
        this.head = 0;
        this.seen = this.timeline.first;
        this.update();
    }

    // Looks at what is new; how many rows are gone at the top.
    update(): number {
        const before = this.head;
        for (; this.seen < this.timeline.next; this.seen++)
            if (this.seen >= this.timeline.first && this.isShown(this.timeline.get(this.seen)))
                this.numbers.push(this.seen);
        while (this.count > 0 && this.at(0) < this.timeline.first) this.head++;
        const gone = this.head - before;
        if (this.head > 10_000) {
            this.numbers = this.numbers.slice(this.head);
            this.head = 0;
        }
        return gone;
    }

    matches(entry: Entry): boolean {
        return this.filter.find !== "" && haystack(entry).includes(this.filter.find);
    }

    // The row of that entry, or of the first one after it.
    rowOf(number: number): number {
        let low = 0;
        let high = this.count;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.at(middle) < number) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    // The next row behind `from` (before it, if step is -1) that has what is looked for; -1: none.
    find(from: number, step: 1 | -1): number {
        for (let tried = 0, row = from; tried < this.count; tried++) {
            row = (row + step + this.count) % this.count;
            if (this.matches(this.timeline.get(this.at(row)))) return row;
        }
        return -1;
    }

    private isShown(entry: Entry): boolean {
        const { kinds, find, onlyFound } = this.filter;
        if (entry.kind === "gap" || entry.kind === "malformed") return true;
        return kinds.has(entry.kind) && (!onlyFound || find === "" || this.matches(entry));
    }
}
