import { useEffect, useReducer, useState } from "preact/hooks";

import { HEIGHT, type Values, curve, scaleEnd } from "../model/curve";
import { SECONDS } from "../model/series";
import type { Watched } from "../model/watched";
import { clock } from "../text/times";
import { say } from "../text/words";

const REFRESH_MS = 1_000;
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

const short = (value: number) =>
    value >= 10_000 ? `${value / 1000}k` : String(Math.round(value * 100) / 100);

interface ChartProps {
    title: string;
    x: number[]; // Unix time, seconds
    lines: [string, Values][];
    at: number; // the second that is pointed at; -1: none
    point(at: number): void;
}

function Chart({ title, x, lines, at, point }: ChartProps) {
    const end = scaleEnd(...lines.map(([, values]) => values));
    const second = at < 0 ? SECONDS - 1 : at;
    const onPointerMove = (event: PointerEvent) => {
        const box = (event.currentTarget as Element).getBoundingClientRect();
        const share = (event.clientX - box.left) / box.width;
        point(Math.max(0, Math.min(SECONDS - 1, Math.round(share * (SECONDS - 1)))));
    };
    return (
        <figure class="chart">
            <figcaption>
                <b>{title}</b>
                {lines.map(([label, values], i) => (
                    <span class={`legend line-${i}`}>
                        {label} {values[second] === null ? "–" : short(values[second]!)}
                    </span>
                ))}
            </figcaption>
            <div class="plot" onPointerMove={onPointerMove} onPointerLeave={() => point(-1)}>
                <svg
                    viewBox={`0 0 ${SECONDS - 1} ${HEIGHT}`}
                    preserveAspectRatio="none"
                    role="img"
                    aria-label={title}
                >
                    {QUARTERS.map((share) => (
                        <path class="grid" d={`M0 ${share * HEIGHT}H${SECONDS}`} />
                    ))}
                    {at >= 0 && <path class="cursor" d={`M${at} 0V${HEIGHT}`} />}
                    {lines.map(([, values], i) => (
                        <path class={`line-${i}`} d={curve(values, end)} />
                    ))}
                </svg>
                <small class="end muted">{short(end)}</small>
                <small class="half muted">{short(end / 2)}</small>
            </div>
            <small class="muted times">
                <span>{clock(x[0]! * 1000).slice(0, 8)}</span>
                <span>{clock(x[second]! * 1000).slice(0, 8)}</span>
            </small>
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
    const inAndOut = (out: Values, received: Values): [string, Values][] => [
        [say("out"), out],
        [say("in"), received],
    ];
    const took: [string, Values][] = [
        [say("mean"), all.tookMean],
        [say("longest"), all.tookMax],
    ];
    return (
        <>
            <Chart {...same} title={say("messages")} lines={inAndOut(all.out, all.in)} />
            <Chart {...same} title={say("acknowledgement")} lines={took} />
            <Chart {...same} title={say("bytes")} lines={inAndOut(all.bytesOut, all.bytesIn)} />
        </>
    );
}
