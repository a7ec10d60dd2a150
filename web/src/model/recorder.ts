// A recording of all that a modem does, from now until it is stopped, as the daemon writes it: it does
// not depend on what the timeline keeps, but has all that was seen there when it is stopped.
import { modemPath } from "../api/client";
import { Store } from "./store";
import type { Watched } from "./watched";

const HEAP_BYTES = 1 << 20; // more than that is handed to the browser, which may put it on disk
const TAIL_CHARS = 1 << 16;
const DRAIN_MS = 2_000; // for what is on its way when it is stopped

// An event without its time, which counts from another beginning in a recording.
const afterTime = (event: string) => event.slice(event.indexOf(","));

export class Recorder extends Store {
    bytes = 0;
    isBroken = false; // it ended before it was stopped
    private isStopped = false;
    private before: string; // the event that came last before it began
    private abort = new AbortController();
    private blob = new Blob();
    private pieces: Uint8Array<ArrayBuffer>[] = [];
    private heap = 0;
    private decoder = new TextDecoder();
    private tail = ""; // the end of what came
    private awaited = ""; // it ends when this has come
    private done: Promise<void>;

    constructor(private readonly watched: Watched) {
        super();
        this.before = watched.lastData;
        this.done = this.run();
    }

    async stop(): Promise<Blob> {
        const { lastData } = this.watched;
        this.isStopped = true;
        if (lastData !== this.before) this.awaited = afterTime(lastData);
        if (this.hasAwaited()) this.abort.abort();
        const timer = setTimeout(() => this.abort.abort(), DRAIN_MS);
        await this.done;
        clearTimeout(timer);
        this.handOver();
        return this.blob;
    }

    private async run() {
        try {
            const path = modemPath(this.watched.name, "/record");
            const reader = await this.watched.session.client!.stream(path, this.abort.signal);
            for (let piece; !(piece = await reader.read()).done; ) {
                this.take(piece.value);
                if (this.isStopped && this.hasAwaited()) this.abort.abort();
            }
        } catch {
            // Stopped, or broken: told below.
        }
        this.isBroken = !this.isStopped;
        this.changed();
    }

    private hasAwaited(): boolean {
        return this.tail.includes(this.awaited);
    }

    private take(piece: Uint8Array) {
        this.pieces.push(piece as Uint8Array<ArrayBuffer>);
        this.bytes += piece.length;
        this.heap += piece.length;
        this.tail = (this.tail + this.decoder.decode(piece, { stream: true })).slice(-TAIL_CHARS);
        if (this.heap > HEAP_BYTES) this.handOver();
        this.changed();
    }

    private handOver() {
        this.blob = new Blob([this.blob, ...this.pieces]);
        this.pieces = [];
        this.heap = 0;
    }
}
