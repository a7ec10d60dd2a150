// Who is logged in, and whether the daemon is there.
import { ApiError, Client } from "../api/client";
import type { FaultTypes, Version } from "../api/types";
import { Store } from "./store";

declare const PAGE_VERSION: string;

const API = 1;
const PROBE_MS = 1_000;

export class Session extends Store {
    client: Client | null = null;
    version: Version | null = null;
    faultTypes: FaultTypes["types"] = [];
    lostAt = 0; // Unix time since which nobody answers; 0: somebody does
    private probe = 0;

    // The page was made for another program than the one that answers.
    get isOld(): boolean {
        return !!this.version && (this.version.version !== PAGE_VERSION || this.version.api !== API);
    }

    async login(token: string) {
        const client = new Client(token);
        const version = await client.ask<Version>("GET", "/v1/version");
        this.faultTypes = (await client.ask<FaultTypes>("GET", "/v1/faults")).types;
        this.version = version;
        this.client = client;
        this.heal();
    }

    logout() {
        this.client = this.version = null;
        this.heal();
    }

    // A request; who asks gets the error too.
    async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
        if (!this.client) throw new ApiError(401, "unauthorized", "");
        try {
            const answer = await this.client.ask<T>(method, path, body);
            this.heal();
            return answer;
        } catch (error) {
            this.noteFailure(error);
            throw error;
        }
    }

    noteFailure(error: unknown) {
        if (error instanceof ApiError) {
            if (error.status === 401) this.logout();
            return;
        }
        if (this.lostAt || !this.client) return;
        this.lostAt = Date.now();
        this.probe = setInterval(() => this.look(), PROBE_MS) as unknown as number;
        this.changed();
    }

    private async look() {
        try {
            this.version = await this.ask<Version>("GET", "/v1/version");
        } catch {
            // Not yet.
        }
    }

    private heal() {
        clearInterval(this.probe);
        this.lostAt = 0;
        this.changed();
    }
}
