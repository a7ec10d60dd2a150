// The modem that is looked at: what it does, from the stream of events, and how it is.
import { ApiError, modemPath } from "../api/client";
import { Live } from "../api/live";
import type { Message } from "../api/sse";
import type { AtEvent, Detail, TraceEvent } from "../api/types";
import type { Stamped } from "../files/recording";
import { Look } from "./look";
import { parseEvent } from "./parse";
import { Rows } from "./rows";
import { Series } from "./series";
import type { Session } from "./session";
import { Store } from "./store";
import { type Entry, type GapReason, Timeline } from "./timeline";

const DETAIL_MS = 1_000;
const DETAIL_SOON_MS = 120;

export class Watched extends Store {
    readonly timeline = new Timeline();
    readonly rows = new Rows(this.timeline);
    readonly look = new Look(this);
    readonly series = new Series();
    readonly state = new Store(); // of the modem: tells when detail has changed
    detail: Detail | null = null;
    isGone = false;
    isListening = false; // what it does from now on is seen
    lastData = ""; // of the last event, as it came
    malformed = 0;
    // From which entry on which Unix time t_ms counts from; a restart begins another.
    private epochs = [{ from: 0, epoch_ms: Infinity }];
    private live: Live | null = null;
    private missed: { since: number; reason: GapReason } | null = null; // since: Unix time
    private reopenedAfter = 0; // when it was left, until an event comes; 0: it was not
    private timer = 0;
    private isAsking = false;
    private changesBegun = 0;
    private changesEnded = 0;

    constructor(
        readonly session: Session,
        readonly name: string,
    ) {
        super();
    }

    begin() {
        this.timer = 0;
        const path = `/v1/events?name=${encodeURIComponent(this.name)}`;
        this.live = new Live(this.session.client!, path, {
            opened: () => void this.opened(),
            message: (message) => this.take(message),
            pieceEnded: () => this.changed(),
            lost: () => this.lost(),
            refused: (error) => this.session.noteFailure(error),
        });
        this.askSoon(0);
    }

    end() {
        this.live?.stop();
        this.live = null;
        clearTimeout(this.timer);
        this.timer = -1;
        this.leave("away");
    }

    get hasClients(): boolean {
        return !!this.detail?.clients;
    }

    get epoch_ms(): number {
        const { epoch_ms } = this.epochs[this.epochs.length - 1]!;
        return epoch_ms === Infinity ? Date.now() : epoch_ms;
    }

    unixTime(number: number): number {
        const epoch = this.epochs.filter((each) => each.from <= number).pop()!.epoch_ms;
        return (epoch === Infinity ? Date.now() : epoch) + this.timeline.get(number).t_ms;
    }

    // What is kept of all kinds, or of the UART's bytes.
    kept(): Stamped[] {
        const all: Stamped[] = [];
        for (let number = this.timeline.first; number < this.timeline.next; number++) {
            const event = this.timeline.get(number);
            if (event.kind !== "gap" && event.kind !== "malformed")
                all.push({ event: event as TraceEvent, unix_ms: this.unixTime(number) });
        }
        return all;
    }

    keptBytes(): Stamped<AtEvent>[] {
        return this.kept().filter((each): each is Stamped<AtEvent> => each.event.kind === "at");
    }

    // Something was done to it: it is asked how it is now.
    askSoon(ms = DETAIL_SOON_MS) {
        if (this.timer < 0) return;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.ask(), ms) as unknown as number;
    }

    show(detail: Detail) {
        this.detail = detail;
        this.isGone = false;
        this.state.changed();
    }

    // A request that changes it. What was asked before that and is answered later is no longer true.
    async changing<T>(request: () => Promise<T>): Promise<T> {
        this.changesBegun++;
        try {
            return await request();
        } finally {
            this.changesEnded++;
        }
    }

    private async ask() {
        const changes = this.changesEnded;
        try {
            const detail = await this.session.ask<Detail>("GET", modemPath(this.name));
            if (changes === this.changesBegun) this.show(detail);
        } catch (error) {
            this.isGone = error instanceof ApiError && [400, 404].includes(error.status);
            this.state.changed();
        }
        if (this.live) this.askSoon(document.hidden ? 5 * DETAIL_MS : DETAIL_MS);
    }

    private async opened() {
        const { live, missed } = this;
        if (missed) {
            this.gap(missed.reason, Date.now() - missed.since);
            this.reopenedAfter = missed.since;
        }
        this.missed = null;
        this.askSoon();
        this.changed();
        // A host is judged from when its report is first asked for.
        await this.session.ask("GET", modemPath(this.name, "/report")).catch(() => {});
        if (this.live !== live || this.missed) return;
        this.isListening = true;
        this.series.sees(Date.now());
        this.changed();
    }

    // From now on something may be missed.
    private leave(reason: GapReason) {
        this.missed ??= { since: Date.now(), reason };
        if (this.isListening) this.series.sightEnds(Date.now());
        this.isListening = false;
        this.changed();
    }

    private lost() {
        this.leave("lost");
        void this.session.ask("GET", "/v1/version").catch(() => {});
    }

    private take({ event, data }: Message) {
        if (event === "ping") return;
        const entry = parseEvent(data, this.timeline.lastTime);
        this.lastData = data;
        if (entry.kind === "malformed") this.malformed++;
        else this.followClock(entry);
        this.timeline.push(entry);
        this.series.take(entry);
        if (entry.kind === "fault" || (entry.kind === "news" && entry.what !== "command"))
            this.askOnce();
    }

    // However many events come.
    private askOnce() {
        if (this.isAsking) return;
        this.isAsking = true;
        this.askSoon();
        setTimeout(() => (this.isAsking = false), 2 * DETAIL_SOON_MS);
    }

    // t_ms counts from the program's start, which is when the fastest event says.
    private followClock(entry: Entry) {
        if (this.reopenedAfter && this.isRestarted(entry)) {
            this.gap("restarted", 0);
            this.series.clear();
            this.epochs.push({ from: this.timeline.next, epoch_ms: Infinity });
        }
        this.reopenedAfter = 0;
        const epoch = this.epochs[this.epochs.length - 1]!;
        epoch.epoch_ms = Math.min(epoch.epoch_ms, Date.now() - entry.t_ms);
    }

    // The program that says this began after the one that was left.
    private isRestarted({ t_ms }: Entry): boolean {
        return t_ms < this.timeline.lastTime || Date.now() - t_ms > this.reopenedAfter;
    }

    private gap(reason: GapReason, missed: number) {
        this.timeline.push({ kind: "gap", t_ms: this.timeline.lastTime, reason, missed });
    }
}
