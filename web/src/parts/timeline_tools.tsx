// What can be done with a timeline: choosing what is shown, finding, pausing, copying, saving.
import { useEffect, useRef, useState } from "preact/hooks";

import { pcapng } from "../files/pcapng";
import { recording } from "../files/recording";
import { save } from "../files/save";
import { Recorder } from "../model/recorder";
import { type Filter, KINDS, type Kind } from "../model/rows";
import { useStore } from "../model/store";
import { Store } from "../model/store";
import type { Watched } from "../model/watched";
import { say } from "../text/words";
import { useBench } from "./acting";

const KIB = 1024;

const size = (bytes: number) =>
    bytes < KIB * KIB ? `${Math.ceil(bytes / KIB)} KiB` : `${(bytes / KIB / KIB).toFixed(1)} MiB`;

const NOTHING = new Store();

function RecordButton({ watched }: { watched: Watched }) {
    const { notices } = useBench();
    const [recorder, setRecorder] = useState<Recorder | null>(null);
    useStore(recorder ?? NOTHING);
    useEffect(() => () => void recorder?.stop(), [recorder]);
    const stop = async () => {
        save(`${watched.name}.jsonl`, [await recorder!.stop()], "application/jsonl");
        if (recorder!.isBroken) notices.tell(say("recordBroken", size(recorder!.bytes)), true);
        setRecorder(null);
    };
    if (!recorder)
        return (
            <button title={say("recordHint")} onClick={() => setRecorder(new Recorder(watched))}>
                ● {say("record")}
            </button>
        );
    return (
        <button class={recorder.isBroken ? "bad" : "main"} onClick={stop}>
            ■ {say("stopRecord", size(recorder.bytes))}
        </button>
    );
}

interface Props {
    watched: Watched;
    filter: Filter;
    setFilter(filter: Filter): void;
    inSeconds: boolean;
    setInSeconds(inSeconds: boolean): void;
    onFind(step: 1 | -1): void;
    onCopy(): void;
}

export function TimelineTools(props: Props) {
    const { watched, filter, setFilter, inSeconds } = props;
    const { session } = useBench();
    const { timeline } = watched;
    const input = useRef<HTMLInputElement>(null);
    const toggleKind = (kind: Kind) => {
        const kinds = new Set(filter.kinds);
        if (!kinds.delete(kind)) kinds.add(kind);
        setFilter({ ...filter, kinds });
    };
    const togglePause = () => {
        if (timeline.paused) timeline.goOn();
        else timeline.pause();
        watched.look.follow(!timeline.paused);
    };
    const clear = () => {
        timeline.clear();
        watched.look.chooseNone();
    };
    const version = session.version?.version ?? "";
    return (
        <div class="tools" role="toolbar" aria-label={say("timeline")}>
            <span class="chips" role="group" aria-label={say("kinds")}>
                {KINDS.map((kind) => (
                    <button aria-pressed={filter.kinds.has(kind)} onClick={() => toggleKind(kind)}>
                        {say(`kind_${kind}`)}
                    </button>
                ))}
            </span>
            <span class="group">
                <input
                    id="find"
                    ref={input}
                    type="search"
                    placeholder={`${say("find")} ( f )`}
                    aria-label={say("find")}
                    value={filter.find}
                    onInput={(event) => setFilter({ ...filter, find: event.currentTarget.value })}
                    onKeyDown={(event) => event.key === "Enter" && props.onFind(event.shiftKey ? -1 : 1)}
                />
                <button aria-label={say("previous")} onClick={() => props.onFind(-1)}>
                    ↑
                </button>
                <button aria-label={say("next")} onClick={() => props.onFind(1)}>
                    ↓
                </button>
                <button
                    aria-pressed={filter.onlyFound}
                    onClick={() => setFilter({ ...filter, onlyFound: !filter.onlyFound })}
                >
                    {say("onlyFound")}
                </button>
            </span>
            <button id="pause" aria-pressed={timeline.paused} onClick={togglePause}>
                {timeline.paused ? say("goOn") : say("pause")}
            </button>
            <button onClick={props.onCopy}>{say("copy")}</button>
            <button onClick={() => props.setInSeconds(!inSeconds)}>
                {inSeconds ? say("clockTime") : say("programTime")}
            </button>
            <button
                title={say("saveHint", "JSONL")}
                onClick={() => {
                    const text = recording(watched.name, version, watched.kept());
                    save(`${watched.name}.jsonl`, [text], "application/jsonl");
                }}
            >
                {say("saveRecording")}
            </button>
            <button
                title={say("saveHint", "pcapng")}
                onClick={() =>
                    save(
                        `${watched.name}.pcapng`,
                        pcapng(watched.name, watched.keptBytes()),
                        "application/octet-stream",
                    )
                }
            >
                {say("savePcapng")}
            </button>
            <RecordButton key={watched.name} watched={watched} />
            <button onClick={clear}>{say("clear")}</button>
        </div>
    );
}
