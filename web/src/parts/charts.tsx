import { useEffect, useReducer, useState } from "preact/hooks";

import { SECONDS } from "../model/series";
import type { Watched } from "../model/watched";
import { clock } from "../text/times";
import { say } from "../text/words";
import { Plot, type Values, short } from "./plot";

const REFRESH_MS = 1_000;

type Line = [label: string, values: Values];

interface ChartProps {
    title: string;
    x: number[]; // Unix time, seconds
    lines: [Line, Line];
    hasDots?: boolean;
    at: number; // the second that is pointed at; -1: none
    point(at: number): void;
}

function Chart({ lines, at, ...rest }: ChartProps) {
    const { title, x } = rest;
    const second = at < 0 ? SECONDS - 1 : at;
    return (
        <figure class="chart">
            <figcaption>
                <b>{title}</b>
                {at >= 0 && <time class="muted">{clock(x[at]! * 1000).slice(0, 8)}</time>}
                {lines.map(([label, values], i) => (
                    <span class={`legend line-${i}`}>
                        {label} {values[second] === null ? "–" : short(values[second]!)}
                    </span>
                ))}
            </figcaption>
            <Plot {...rest} lines={[lines[0][1], lines[1][1]]} />
        </figure>
    );
}

export function Charts({ watched }: { watched: Watched }) {
    const [, again] = useReducer((count: number) => count + 1, 0);
    const [at, point] = useState(-1);
    useEffect(() => {
        const timer = setInterval(() => again(undefined), REFRESH_MS);
        return () => clearInterval(timer);
    }, []);
    const epoch = watched.epoch_ms;
    const all = watched.series.columns(Date.now() - epoch, epoch);
    const same = { x: all.x, at, point };
    const inAndOut = (out: Values, received: Values): [Line, Line] => [
        [say("out"), out],
        [say("in"), received],
    ];
    const took: [Line, Line] = [
        [say("mean"), all.tookMean],
        [say("longest"), all.tookMax],
    ];
    return (
        <>
            <Chart {...same} title={say("messages")} lines={inAndOut(all.out, all.in)} />
            <Chart {...same} title={say("acknowledgement")} lines={took} hasDots />
            <Chart {...same} title={say("bytes")} lines={inAndOut(all.bytesOut, all.bytesIn)} />
        </>
    );
}
