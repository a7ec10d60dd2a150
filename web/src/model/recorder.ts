// A recording of all that a modem does, from now until it is stopped, as the daemon writes it: it does
// not depend on what the timeline keeps.
import { modemPath } from "../api/client";
import type { Session } from "./session";
import { Store } from "./store";

const HEAP_BYTES = 1 << 20; // more than that is handed to the browser, which may put it on disk

export class Recorder extends Store {
    bytes = 0;
    isRunning = true;
    isBroken = false; // it ended before it was stopped
    private abort = new AbortController();
    private blob = new Blob();
    private pieces: Uint8Array<ArrayBuffer>[] = [];
    private heap = 0;
    private done: Promise<void>;

    constructor(
        session: Session,
        readonly modem: string,
    ) {
        super();
        this.done = this.run(session);
    }

    async stop(): Promise<Blob> {
        this.isRunning = false;
        this.abort.abort();
        await this.done;
        this.handOver();
        return this.blob;
    }

    private async run(session: Session) {
        try {
            const path = modemPath(this.modem, "/record");
            const reader = await session.client!.stream(path, this.abort.signal);
            for (let piece; !(piece = await reader.read()).done; ) this.take(piece.value);
        } catch {
            // Stopped, or broken: told below.
        }
        this.isBroken = this.isRunning;
        this.isRunning = false;
        this.changed();
    }

    private take(piece: Uint8Array) {
        this.pieces.push(piece as Uint8Array<ArrayBuffer>);
        this.bytes += piece.length;
        this.heap += piece.length;
        if (this.heap > HEAP_BYTES) this.handOver();
        this.changed();
    }

    private handOver() {
        this.blob = new Blob([this.blob, ...this.pieces]);
        this.pieces = [];
        this.heap = 0;
    }
}
