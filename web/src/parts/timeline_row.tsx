import type { Entry } from "../model/timeline";
import { faultText, mqttText, newsText } from "../text/describe";
import { clock, difference, lasting, seconds } from "../text/times";
import { type Word, say } from "../text/words";
import { Seen } from "./seen";

export const ROW_PX = 20;

const LANES = { at: "at", mqtt: "mqtt", news: "across", fault: "across", gap: "across", malformed: "across" };

export function whoOf(entry: Entry): string {
    if (entry.kind === "at") return entry.dir === "host" ? "▸" : "◂";
    if (entry.kind === "mqtt") return entry.dir === "out" ? "↑" : "↓";
    return entry.kind === "news" ? "·" : entry.kind === "fault" ? "⚡" : "!";
}

function whoInWords(entry: Entry): string {
    if (entry.kind === "at") return say(entry.dir);
    if (entry.kind === "mqtt") return `MQTT ${say(entry.dir)}`;
    return entry.kind === "news" || entry.kind === "fault" ? say(`kind_${entry.kind}`) : "";
}

export function textOf(entry: Entry, hasClients: boolean): string {
    switch (entry.kind) {
        case "at":
            return entry.text;
        case "mqtt":
            return mqttText(entry, hasClients);
        case "news":
            return newsText(entry, hasClients);
        case "fault":
            return faultText(entry);
        case "malformed":
            return `${say("unreadable")}: ${entry.text}`;
        case "gap": {
            const missed = entry.reason === "paused" ? entry.missed : lasting(entry.missed);
            return say(`gap_${entry.reason}` as Word, missed);
        }
    }
}

interface Props {
    number: number;
    index: number;
    total: number;
    entry: Entry;
    unix_ms: number;
    before_ms: number; // of the line before
    inSeconds: boolean;
    find: string;
    hasClients: boolean;
    isChosen: boolean;
    isFocus: boolean;
    onPick(extend: boolean): void;
}

export function TimelineRow(props: Props) {
    const { number, index, entry, unix_ms, before_ms, isChosen, isFocus, find } = props;
    const side = "dir" in entry ? entry.dir : "";
    return (
        <div
            id={`line-${number}`}
            role="option"
            aria-selected={isChosen}
            aria-posinset={index + 1}
            aria-setsize={props.total}
            class={`line ${entry.kind} ${side} ${isFocus ? "focus" : ""}`}
            style={{ top: index * ROW_PX }}
            onMouseDown={(event) => props.onPick(event.shiftKey)}
        >
            <time>{props.inSeconds ? seconds(entry.t_ms) : clock(unix_ms)}</time>
            <span class="diff">{before_ms ? difference(Math.max(0, unix_ms - before_ms)) : ""}</span>
            <span class="who" role="img" aria-label={whoInWords(entry) || undefined}>
                {whoOf(entry)}
            </span>
            <span class={`text ${LANES[entry.kind]}`}>
                <Seen text={textOf(entry, props.hasClients)} escaped={entry.kind === "at"} find={find} />
            </span>
        </div>
    );
}
