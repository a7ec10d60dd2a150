// A long list of which only what is in sight is made. Rows have one height.
import type { ComponentChildren, JSX, RefObject } from "preact";
import { useLayoutEffect, useReducer, useRef } from "preact/hooks";

const SPARE = 6; // rows above and below what is in sight

interface Props extends Omit<JSX.HTMLAttributes<HTMLDivElement>, "children" | "ref"> {
    count: number;
    rowPx: number;
    box: RefObject<HTMLDivElement>;
    row(index: number): ComponentChildren;
    gone?: number; // rows that were taken away at the top since the last time
    isAtEnd?: boolean; // it stays at the end, whatever comes
    onScrolled?(box: HTMLDivElement): void;
}

export function Virtual(props: Props) {
    const { count, rowPx, box, row, gone = 0, isAtEnd, onScrolled, ...rest } = props;
    const sight = useRef({ top: 0, height: 800, seen: 0 }).current;
    const [, again] = useReducer((n: number) => n + 1, 0);
    const look = () => {
        const { scrollTop: top, clientHeight: height } = box.current!;
        sight.seen = top;
        if (top !== sight.top || height !== sight.height) {
            sight.top = top;
            sight.height = height;
            again(undefined);
        }
    };
    useLayoutEffect(() => {
        const observer = new ResizeObserver(look);
        observer.observe(box.current!);
        return () => observer.disconnect();
    }, []);
    if (isAtEnd) sight.top = Math.max(0, count * rowPx - sight.height);
    else if (gone) sight.top = Math.max(0, sight.top - gone * rowPx);
    useLayoutEffect(() => {
        // Somebody has scrolled, and the browser has not yet told: that is not taken back.
        if (!(isAtEnd || gone) || Math.abs(box.current!.scrollTop - sight.seen) > 1) return;
        box.current!.scrollTop = sight.top;
        sight.seen = box.current!.scrollTop;
    });
    const first = Math.max(0, Math.floor(sight.top / rowPx) - SPARE);
    const last = Math.min(count, Math.ceil((sight.top + sight.height) / rowPx) + SPARE);
    const rows = [];
    for (let i = Math.min(first, last); i < last; i++) rows.push(row(i));
    return (
        <div
            {...rest}
            ref={box}
            onScroll={() => {
                look();
                onScrolled?.(box.current!);
            }}
        >
            <div class="spacer" style={{ height: count * rowPx }} role="presentation">
                {rows}
            </div>
        </div>
    );
}

// Moves the box so that the row is in sight.
export function reveal(box: HTMLDivElement, row: number, rowPx: number) {
    const top = row * rowPx;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + rowPx > box.scrollTop + box.clientHeight)
        box.scrollTop = top + rowPx - box.clientHeight;
}
