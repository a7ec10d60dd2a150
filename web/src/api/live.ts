// One stream of events that is kept open: when it breaks it is opened again, and who listens is told
// that something was missed.
import { type Client, ApiError } from "./client";
import { EventParser, type Message } from "./sse";

export interface Listener {
    opened(): void;
    message(message: Message): void;
    pieceEnded(): void; // of what came at once
    lost(): void;
    refused(error: ApiError): void; // for good
}

const SILENCE_MS = 25_000; // a ping comes every ten seconds
const RETRY_MIN_MS = 250;
const RETRY_MAX_MS = 2_000;
const TURN_MS = 12; // then the page has its turn

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

export class Live {
    private abort = new AbortController();
    private stopped = false;
    private watchdog = 0;
    private retryMs = RETRY_MIN_MS;

    constructor(
        private readonly client: Client,
        private readonly path: string,
        private readonly listener: Listener,
    ) {
        void this.run();
    }

    stop() {
        this.stopped = true;
        clearTimeout(this.watchdog);
        this.abort.abort();
    }

    private async run() {
        while (!this.stopped) {
            this.abort = new AbortController();
            try {
                await this.readAll(await this.client.stream(this.path, this.abort.signal));
            } catch (error) {
                if (this.isFinal(error)) return;
            }
            clearTimeout(this.watchdog);
            if (this.stopped) return;
            this.listener.lost();
            await pause(this.retryMs);
            this.retryMs = Math.min(this.retryMs * 2, RETRY_MAX_MS);
        }
    }

    private isFinal(error: unknown): boolean {
        if (!(error instanceof ApiError) || error.status >= 500) return false;
        if (!this.stopped) this.listener.refused(error);
        return true;
    }

    private expectMore() {
        clearTimeout(this.watchdog);
        this.watchdog = setTimeout(() => this.abort.abort(), SILENCE_MS) as unknown as number;
    }

    private async readAll(reader: ReadableStreamDefaultReader<Uint8Array>) {
        const parser = new EventParser();
        const decoder = new TextDecoder();
        let turnEnds = performance.now() + TURN_MS;
        this.listener.opened();
        this.expectMore();
        for (let piece; !(piece = await reader.read()).done && !this.stopped; ) {
            this.retryMs = RETRY_MIN_MS;
            this.expectMore();
            for (const message of parser.push(decoder.decode(piece.value, { stream: true })))
                this.listener.message(message);
            this.listener.pieceEnded();
            if (performance.now() < turnEnds) continue;
            await pause(0);
            turnEnds = performance.now() + TURN_MS;
        }
    }
}
