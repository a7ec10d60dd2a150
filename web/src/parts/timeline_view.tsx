import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { copy } from "../files/save";
import { type Filter, KINDS } from "../model/rows";
import { useStore } from "../model/store";
import type { Watched } from "../model/watched";
import { clock } from "../text/times";
import { say } from "../text/words";
import { useBench } from "./acting";
import { LineDetail } from "./line_detail";
import { ROW_PX, TimelineRow, textOf, whoOf } from "./timeline_row";
import { TimelineTools } from "./timeline_tools";
import { TypeLine } from "./type_line";
import { Virtual, reveal } from "./virtual";

function Counts({ watched }: { watched: Watched }) {
    const { timeline, rows, malformed, isListening } = watched;
    const counts = [
        say("lineCount", rows.count),
        timeline.dropped > 0 && say("dropped", timeline.dropped),
        timeline.notKept > 0 && say("notKept", timeline.notKept),
        malformed > 0 && say("badEvents", malformed),
        !isListening && say("opening"),
    ];
    return <p class="muted counts">{counts.filter(Boolean).join(" · ")}</p>;
}

function linesToCopy(watched: Watched): string[] {
    const { rows, timeline, look } = watched;
    const lines = [];
    for (let row = 0; row < rows.count; row++) {
        const number = rows.at(row);
        if (look.focus >= 0 && !look.has(number)) continue;
        const entry = timeline.get(number);
        lines.push(`${clock(watched.unixTime(number))} ${whoOf(entry)} ${textOf(entry, watched.hasClients)}`);
    }
    return lines;
}

export function TimelineView({ watched }: { watched: Watched }) {
    useStore(watched);
    const { notices } = useBench();
    const { rows, timeline, look } = watched;
    const [filter, setFilter] = useState<Filter>({ kinds: new Set(KINDS), find: "", onlyFound: false });
    const [inSeconds, setInSeconds] = useState(false);
    const box = useRef<HTMLDivElement>(null);
    const gone = rows.update();
    const last = rows.count - 1;
    // Asked when a key comes, for several may come before the next picture.
    const focusRow = () => (look.focus < 0 ? -1 : Math.min(rows.rowOf(look.focus), rows.count - 1));

    // Before a key that is typed next looks for something.
    useLayoutEffect(() => {
        rows.setFilter(filter);
        look.toReveal = look.focus;
        watched.changed();
    }, [filter, watched]);
    useEffect(() => {
        if (look.toReveal >= 0) reveal(box.current!, rows.rowOf(look.toReveal), ROW_PX);
        look.toReveal = -1;
    });

    const find = (step: 1 | -1) => {
        const from = focusRow();
        const row = rows.find(from < 0 && step < 0 ? 0 : from, step);
        if (row >= 0) look.choose(rows.at(row));
    };
    const copyLines = async () => {
        const lines = linesToCopy(watched);
        await copy(lines.join("\n"));
        notices.tell(say("copied", lines.length));
    };
    const moveTo = (row: number, extend: boolean) => {
        if (last >= 0) look.choose(rows.at(Math.max(0, Math.min(last, row))), extend);
    };
    const onKeyDown = (event: KeyboardEvent) => {
        const from = look.focus < 0 ? last : focusRow();
        const page = Math.floor(box.current!.clientHeight / ROW_PX) - 1;
        const steps: Record<string, number> = {
            ArrowDown: from + 1,
            ArrowUp: from - 1,
            PageDown: from + page,
            PageUp: from - page,
            Home: 0,
        };
        const to = steps[event.key];
        const letter = event.ctrlKey || event.metaKey ? event.key : "";
        if (to !== undefined) moveTo(to, event.shiftKey);
        else if (event.key === "End" || event.key === "Escape") {
            look.chooseNone();
            look.follow(true);
        } else if (letter === "a") look.chooseAll();
        else if (letter === "c") void copyLines();
        else return;
        event.preventDefault();
    };
    const onScrolled = (isAtEnd: boolean) => {
        if (isAtEnd !== look.isFollowing && look.focus < 0 && !timeline.paused) look.follow(isAtEnd);
    };
    const row = (index: number) => {
        // The list may be scrolled, and so drawn, before what was dropped is taken from the rows.
        if (index >= rows.count || rows.at(index) < timeline.first) return null;
        const number = rows.at(index);
        return (
            <TimelineRow
                key={number}
                number={number}
                index={index}
                total={rows.count}
                entry={timeline.get(number)}
                unix_ms={watched.unixTime(number)}
                before_ms={index > 0 ? watched.unixTime(rows.at(index - 1)) : 0}
                inSeconds={inSeconds}
                find={filter.find.toLowerCase()}
                hasClients={watched.hasClients}
                isChosen={look.has(number)}
                isFocus={number === look.focus}
                onPick={(extend) => look.choose(number, extend)}
            />
        );
    };
    const focus = look.focus >= timeline.first && look.focus < timeline.next ? timeline.get(look.focus) : null;

    return (
        <section class="timeline" aria-label={say("timeline")} aria-busy={!watched.isListening}>
            <TimelineTools
                {...{ watched, filter, setFilter, inSeconds, setInSeconds }}
                onFind={find}
                onCopy={copyLines}
            />
            <div class="frame">
                <Virtual
                    class="rows lines"
                    role="listbox"
                    aria-multiselectable
                    aria-label={say("timeline")}
                    aria-activedescendant={look.focus >= timeline.first && last >= 0 ? `line-${look.focus}` : undefined}
                    tabIndex={0}
                    onKeyDown={onKeyDown}
                    box={box}
                    count={rows.count}
                    rowPx={ROW_PX}
                    gone={gone}
                    isAtEnd={look.isFollowing && !timeline.paused}
                    onScrolled={onScrolled}
                    row={row}
                />
                {last < 0 && <p class="muted empty">{say(watched.isListening ? "nothingYet" : "opening")}</p>}
                {!look.isFollowing && !timeline.paused && last >= 0 && (
                    <button
                        class="main newest"
                        onClick={() => {
                            look.chooseNone();
                            look.follow(true);
                        }}
                    >
                        ↓
                    </button>
                )}
            </div>
            {focus && <LineDetail entry={focus} hasClients={watched.hasClients} />}
            <Counts watched={watched} />
            <TypeLine watched={watched} />
        </section>
    );
}
