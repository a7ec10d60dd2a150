// Requests made by clicking: each says at the foot of the page what became of it.
import { createContext } from "preact";
import { useContext } from "preact/hooks";

import { ApiError } from "../api/client";
import type { Session } from "../model/session";
import { Store } from "../model/store";
import { say } from "../text/words";

export class Notices extends Store {
    text = "";
    isBad = false;

    tell(text: string, isBad = false) {
        this.text = text;
        this.isBad = isBad;
        this.changed();
    }
}

export interface Bench {
    session: Session;
    notices: Notices;
}

export const BenchContext = createContext<Bench>(null!);

export const useBench = () => useContext(BenchContext);

// Runs the request; what it answered, or undefined if it was refused. fieldOf takes what it is about.
export async function act<T>(
    { notices }: Bench,
    what: string,
    request: () => Promise<T>,
    refused?: (error: ApiError) => void,
): Promise<T | undefined> {
    try {
        const answer = await request();
        notices.tell(say("done", what));
        return answer;
    } catch (error) {
        const text = error instanceof ApiError ? error.message : say("noAnswer");
        notices.tell(say("failed", text), true);
        if (error instanceof ApiError) refused?.(error);
        return undefined;
    }
}
