// Plays the host, where there is none.
import { useRef } from "preact/hooks";

import { modemPath } from "../api/client";
import type { Detail } from "../api/types";
import { useStore } from "../model/store";
import type { Watched } from "../model/watched";
import { say } from "../text/words";
import { act, useBench } from "./acting";

// What ends data, or gives it up, and cannot be typed into a field.
const ENDS = [
    ["Ctrl-Z", "\x1a"],
    ["ESC", "\x1b"],
] as const;

export function TypeLine({ watched }: { watched: Watched }) {
    useStore(watched.state);
    const bench = useBench();
    const input = useRef<HTMLInputElement>(null);
    const typed = useRef<string[]>([]).current;
    const place = useRef(0);
    const isTaken = watched.detail?.host_connected;
    const isData = watched.detail?.awaits_data;
    const send = async (end: string) => {
        const { value } = input.current!;
        const text = value + end;
        if (!text) return;
        const detail = await act(bench, value, () =>
            bench.session.ask<Detail>("POST", modemPath(watched.name, "/type"), { text }),
        );
        if (!detail) return;
        watched.show(detail);
        watched.askSoon(); // it may say a prompt
        place.current = typed.push(value);
        if (input.current) input.current.value = "";
    };
    // Lines that were typed before.
    const recall = (event: KeyboardEvent) => {
        const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
        if (!step) return;
        place.current = Math.max(0, Math.min(typed.length, place.current + step));
        input.current!.value = typed[place.current] ?? "";
        event.preventDefault();
    };
    return (
        <form
            class="type"
            onSubmit={(event) => {
                event.preventDefault();
                void send("");
            }}
        >
            <input
                ref={input}
                maxLength={4096}
                disabled={isTaken}
                autocomplete="off"
                spellcheck={false}
                placeholder={say(isTaken ? "typeTaken" : isData ? "typeData" : "typeLine")}
                aria-label={say("typeLine")}
                onKeyDown={recall}
            />
            <button disabled={isTaken}>{say("send")}</button>
            {isData &&
                ENDS.map(([name, end]) => (
                    <button type="button" disabled={isTaken} onClick={() => send(end)}>
                        {name}
                    </button>
                ))}
        </form>
    );
}
