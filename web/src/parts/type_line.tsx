// Plays the host, where there is none.
import { useRef } from "preact/hooks";

import { modemPath } from "../api/client";
import type { Detail } from "../api/types";
import { useStore } from "../model/store";
import type { Watched } from "../model/watched";
import { say } from "../text/words";
import { act, useBench } from "./acting";

export function TypeLine({ watched }: { watched: Watched }) {
    useStore(watched.state);
    const bench = useBench();
    const input = useRef<HTMLInputElement>(null);
    const typed = useRef<string[]>([]).current;
    const place = useRef(0);
    const isTaken = watched.detail?.host_connected;
    const send = async (event: SubmitEvent) => {
        event.preventDefault();
        const text = input.current!.value;
        if (!text) return;
        const detail = await act(bench, text, () =>
            bench.session.ask<Detail>("POST", modemPath(watched.name, "/type"), { text }),
        );
        if (!detail) return;
        watched.show(detail);
        place.current = typed.push(text);
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
        <form class="type" onSubmit={send}>
            <input
                ref={input}
                maxLength={4096}
                disabled={isTaken}
                autocomplete="off"
                spellcheck={false}
                placeholder={isTaken ? say("typeTaken") : say("typeLine")}
                aria-label={say("typeLine")}
                onKeyDown={recall}
            />
            <button disabled={isTaken}>{say("send")}</button>
        </form>
    );
}
