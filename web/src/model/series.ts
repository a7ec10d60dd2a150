// What a modem did in each of the last seconds: messages, bytes, and how long acknowledgements took.
import type { Entry } from "./timeline";

export const SECONDS = 300;

interface Second {
    out: number;
    in: number;
    bytesOut: number;
    bytesIn: number;
    acknowledged: number;
    tookSum: number;
    tookMax: number;
}

const nothing = (): Second => ({
    out: 0,
    in: 0,
    bytesOut: 0,
    bytesIn: 0,
    acknowledged: 0,
    tookSum: 0,
    tookMax: 0,
});

interface Span {
    from: number;
    to: number;
}

export class Series {
    private seconds = new Map<number, Second>();
    private unseen: Span[] = [{ from: -Infinity, to: Infinity }];

    // From when something is seen, and from when it may not be; Unix time, milliseconds.
    sees(from: number) {
        this.unseen[this.unseen.length - 1]!.to = from;
    }

    sightEnds(from: number) {
        this.unseen.push({ from, to: Infinity });
    }

    take(entry: Entry) {
        if (entry.kind === "mqtt" && entry.packet === "PUBLISH") {
            const second = this.secondOf(entry.t_ms);
            if (entry.dir === "out") second.bytesOut += entry.bytes;
            else second.bytesIn += entry.bytes;
        }
        if (entry.kind !== "news" || entry.result) return;
        const second = this.secondOf(entry.t_ms);
        if (entry.what === "received") second.in++;
        if (entry.what === "published") second.out++;
        if (entry.what === "published" && entry.qos) {
            const took = entry.took_ms ?? 0;
            second.acknowledged++;
            second.tookSum += took;
            second.tookMax = Math.max(second.tookMax, took);
        }
    }

    // The last SECONDS seconds before now_ms: x is in seconds of Unix time (epoch_ms is that of t_ms 0).
    columns(now_ms: number, epoch_ms: number) {
        const last = Math.floor(now_ms / 1000) - 1;
        const times = Array.from({ length: SECONDS }, (_, i) => last - SECONDS + 1 + i);
        for (const time of this.seconds.keys()) if (time < times[0]!) this.seconds.delete(time);
        this.unseen = this.unseen.filter(({ to }) => to > times[0]! * 1000 + epoch_ms);
        const all = times.map((time) => this.seconds.get(time) ?? this.silence(time * 1000 + epoch_ms));
        const each = (value: (second: Second) => number | null) =>
            all.map((second) => (second ? value(second) : null));
        return {
            x: times.map((time) => time + epoch_ms / 1000),
            out: each((second) => second.out),
            in: each((second) => second.in),
            bytesOut: each((second) => second.bytesOut),
            bytesIn: each((second) => second.bytesIn),
            tookMean: each((second) => (second.acknowledged ? second.tookSum / second.acknowledged : null)),
            tookMax: each((second) => (second.acknowledged ? second.tookMax : null)),
        };
    }

    // A second in which nothing was seen: nothing happened, or (null) nobody looked.
    private silence(from: number): Second | null {
        return this.unseen.some((span) => span.from <= from && from + 1000 <= span.to) ? null : nothing();
    }

    clear() {
        this.seconds.clear();
    }

    private secondOf(t_ms: number): Second {
        const time = Math.floor(t_ms / 1000);
        let second = this.seconds.get(time);
        if (!second) this.seconds.set(time, (second = nothing()));
        return second;
    }
}
