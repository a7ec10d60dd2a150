// A chart of uPlot's: lines over time, drawn again when there is more to show.
import { useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

import { clock } from "../text/times";

export type Values = (number | null)[];

const HEIGHT_PX = 112;
const AXIS_PX = 38;
const LABEL_PX = 40; // from one time to the next, at least

export const short = (value: number) =>
    value >= 10_000 ? `${value / 1000}k` : String(Math.round(value * 100) / 100);

// A scale begins at nothing, and ends a little above what it shows.
const range = (_: uPlot, _min: number, max: number): [number, number] => [0, Math.max(1, max * 1.1)];

// The colours of the theme, which a canvas cannot look up itself.
function colours(box: Element): string[] {
    const probe = box.appendChild(document.createElement("i"));
    const found = ["line-0", "line-1", "label", "grid"].map((name) => {
        probe.className = name;
        return getComputedStyle(probe).color;
    });
    probe.remove();
    return found;
}

function options(box: HTMLElement, { point, hasDots: show }: Props): uPlot.Options {
    const [first, second, label, grid] = colours(box);
    const font = `11px ${getComputedStyle(box).fontFamily}`;
    const axis = { font, stroke: label, grid: { stroke: grid, width: 1 }, ticks: { show: false } };
    return {
        width: box.clientWidth,
        height: HEIGHT_PX,
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, sync: { key: "charts" } },
        scales: { x: { time: true }, y: { range } },
        axes: [
            {
                ...axis,
                size: 22,
                gap: 4,
                space: LABEL_PX,
                values: (_, all) => all.map((s) => clock(s * 1000).slice(0, 5)),
            },
            { ...axis, size: AXIS_PX, gap: 2, space: 24, values: (_, all) => all.map(short) },
        ],
        series: [
            {},
            // What the second line hides of the first one is seen between its dashes.
            { stroke: first, width: 2, points: { show, size: 6, fill: first } },
            { stroke: second, width: 2, dash: [3, 3], points: { show, size: 4, fill: second } },
        ],
        hooks: { setCursor: [(plot) => point(plot.cursor.left! < 0 ? -1 : plot.cursor.idx!)] },
    };
}

interface Props {
    title: string;
    x: number[]; // Unix time, seconds
    lines: [Values, Values];
    hasDots?: boolean; // most values stand alone
    point(at: number): void; // the second that is pointed at; -1: none
}

export function Plot(props: Props) {
    const { title, x, lines } = props;
    const box = useRef<HTMLDivElement>(null);
    const plot = useRef<uPlot | null>(null);
    const theme = useRef("");
    const isDrawn = () => plot.current && theme.current === colours(box.current!).join();
    const draw = () => {
        plot.current?.destroy();
        theme.current = colours(box.current!).join();
        plot.current = new uPlot(options(box.current!, props), [x, ...lines], box.current!);
    };
    useLayoutEffect(() => {
        if (isDrawn()) plot.current!.setData([x, ...lines]);
        else draw();
    }, [x]);
    useLayoutEffect(() => {
        const observer = new ResizeObserver(([entry]) =>
            plot.current!.setSize({ width: entry!.contentRect.width, height: HEIGHT_PX }),
        );
        observer.observe(box.current!);
        return () => {
            observer.disconnect();
            plot.current!.destroy();
        };
    }, []);
    return <div class="plot" ref={box} role="img" aria-label={title} />;
}
