// All modems, asked for in portions one after the other, so that ten thousand of them are no burden.
import type { ModemList, Summary } from "../api/types";
import type { Session } from "./session";
import { Store } from "./store";

const PORTION = 500;
const PORTION_MS = 250; // from one portion to the next
const ROUND_MS = 1_000; // from one beginning to the next, at least
const HIDDEN_MS = 5_000; // while nobody looks

export type StateFilter = "all" | "connected" | "offline" | "unregistered" | "faulty" | "off";

export const STATE_FILTERS: Record<StateFilter, (modem: Summary) => boolean> = {
    all: () => true,
    connected: (modem) => modem.connected,
    offline: (modem) => modem.powered && !modem.connected,
    unregistered: (modem) => modem.registered !== "home" && modem.registered !== "roaming",
    faulty: (modem) => modem.faults > 0,
    off: (modem) => !modem.powered,
};

export function chosen(modems: Summary[], search: string, state: StateFilter): Summary[] {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const isState = STATE_FILTERS[state];
    return modems.filter((modem) => {
        if (!isState(modem)) return false;
        const text = `${modem.name} ${modem.terminal}`.toLowerCase();
        return words.every((word) => text.includes(word));
    });
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

export class Fleet extends Store {
    modems: Summary[] = [];
    isComplete = false;
    private stopped = false;

    constructor(private readonly session: Session) {
        super();
        void this.run();
    }

    stop() {
        this.stopped = true;
    }

    private async run() {
        while (!this.stopped) {
            const began = performance.now();
            await this.round().catch(() => pause(ROUND_MS));
            const wait = document.hidden ? HIDDEN_MS : ROUND_MS;
            await pause(Math.max(50, began + wait - performance.now()));
        }
    }

    private async round() {
        const found: Summary[] = [];
        for (let total = 1; found.length < total && !this.stopped; ) {
            const path = `/v1/modems?offset=${found.length}&limit=${PORTION}`;
            const list = await this.session.ask<ModemList>("GET", path);
            total = list.modems.length > 0 ? list.total : 0;
            found.push(...list.modems);
            this.show(found, found.length < total);
            if (this.isComplete && found.length < total) await pause(PORTION_MS);
        }
        this.isComplete = true;
    }

    // What is known so far: behind the new ones those of the last round.
    private show(found: Summary[], goesOn: boolean) {
        this.modems = goesOn ? [...found, ...this.modems.slice(found.length)] : found.slice();
        this.changed();
    }
}
