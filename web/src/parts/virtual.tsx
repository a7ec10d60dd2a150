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
    onScrolled?(isAtEnd: boolean): void;
}

export function Virtual(props: Props) {
    const { count, rowPx, box, row, gone = 0, isAtEnd, onScrolled, ...rest } = props;
    // seen: where it was put, or found; end: how high all rows were then; wasAtEnd: it was to stay
    // there; hasLeft: somebody scrolled away, and who uses this has not answered yet.
    const sight = useRef({ top: 0, height: 800, seen: 0, end: 0, wasAtEnd: false, hasLeft: false }).current;
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
    if (!isAtEnd) sight.hasLeft = false;
    if (isAtEnd && !sight.hasLeft) sight.top = Math.max(0, count * rowPx - sight.height);
    else if (gone) sight.top = Math.max(0, sight.top - gone * rowPx);
    const isAboveEnd = (slackPx: number) => {
        const { scrollTop, clientHeight, scrollHeight } = box.current!;
        return scrollTop + clientHeight < Math.min(sight.end, scrollHeight) - slackPx;
    };
    // Somebody scrolled away from it. A box that becomes lower does not scroll, and one that becomes
    // higher scrolls, but not further than to the end that it knew.
    const leftEnd = () => isAboveEnd(1) && box.current!.scrollTop < sight.seen - 1;
    const reachedEnd = () => !isAboveEnd(rowPx / 2) && box.current!.scrollTop > sight.seen;
    useLayoutEffect(() => {
        // Somebody has scrolled, and the browser has not yet told: that is not taken back.
        const isMoved =
            isAtEnd && sight.wasAtEnd ? leftEnd() : Math.abs(box.current!.scrollTop - sight.seen) > 1;
        const isScrolled = sight.hasLeft || isMoved;
        if ((isAtEnd || gone) && !isScrolled) {
            box.current!.scrollTop = isAtEnd ? count * rowPx : sight.top;
            sight.seen = box.current!.scrollTop;
        }
        if (!isAtEnd || !isScrolled) sight.end = count * rowPx;
        sight.wasAtEnd = !!isAtEnd;
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
                sight.hasLeft ||= sight.wasAtEnd && leftEnd();
                const isNowAtEnd = sight.wasAtEnd ? !sight.hasLeft : reachedEnd();
                look();
                onScrolled?.(isNowAtEnd);
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
