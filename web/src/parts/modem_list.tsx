import { useRef, useState } from "preact/hooks";

import type { Summary } from "../api/types";
import { type Fleet, type StateFilter, STATE_FILTERS, chosen } from "../model/fleet";
import { useStore } from "../model/store";
import { say, sayOr } from "../text/words";
import { Virtual, reveal } from "./virtual";

const ROW_PX = 42;
const BARS_OF_SIGNAL = [1, 8, 15, 22];

function stateOf(modem: Summary): StateFilter {
    return !modem.powered ? "off" : modem.connected ? "connected" : "offline";
}

function Bars({ signal }: { signal: number }) {
    const full = signal === 99 ? 0 : BARS_OF_SIGNAL.filter((least) => signal >= least).length;
    return (
        <svg class="bars" viewBox="0 0 11 8" aria-hidden="true">
            {BARS_OF_SIGNAL.map((_, i) => (
                <rect x={i * 3} y={6 - 2 * i} width={2} height={2 + 2 * i} class={i < full ? "full" : ""} />
            ))}
        </svg>
    );
}

interface RowProps {
    modem: Summary;
    index: number;
    total: number;
    isSelected: boolean;
    isActive: boolean;
    onPick(): void;
}

function ModemRow({ modem, index, total, isSelected, isActive, onPick }: RowProps) {
    const state = stateOf(modem);
    const isRegistered = STATE_FILTERS.unregistered(modem) === false;
    const words = [say(state)];
    if (!isRegistered) words.push(sayOr(`reg_${modem.registered}`, modem.registered));
    return (
        <div
            id={`modem-${index}`}
            role="option"
            aria-selected={isSelected}
            aria-setsize={total}
            aria-posinset={index + 1}
            class={`row ${state} ${isActive ? "active" : ""}`}
            style={{ top: index * ROW_PX }}
            onClick={onPick}
        >
            <span class="dot" />
            <b>{modem.name}</b>
            <Bars signal={modem.signal} />
            <small class="muted">
                {words.join(" · ")}
                {modem.faults > 0 && <em> ⚡{modem.faults}</em>}
            </small>
            <small class="muted counts" title={`${say("out")} / ${say("in")}`}>
                ↑{modem.messages_out} ↓{modem.messages_in}
            </small>
        </div>
    );
}

interface Props {
    fleet: Fleet;
    selected: string | null;
    onSelect(name: string): void;
}

export function ModemListView({ fleet, selected, onSelect }: Props) {
    useStore(fleet);
    const [search, setSearch] = useState("");
    const [state, setState] = useState<StateFilter>("all");
    const [active, setActive] = useState(0);
    const box = useRef<HTMLDivElement>(null);
    const found = chosen(fleet.modems, search, "all");
    const shown = state === "all" ? found : chosen(found, "", state);
    const at = Math.min(active, shown.length - 1);

    const move = (to: number) => {
        const row = Math.max(0, Math.min(shown.length - 1, to));
        setActive(row);
        reveal(box.current!, row, ROW_PX);
    };
    const onKeyDown = (event: KeyboardEvent) => {
        const page = Math.floor(box.current!.clientHeight / ROW_PX);
        const steps: Record<string, number> = {
            ArrowDown: at + 1,
            ArrowUp: at - 1,
            PageDown: at + page,
            PageUp: at - page,
            Home: 0,
            End: shown.length - 1,
        };
        const to = steps[event.key];
        if (to !== undefined) move(to);
        else if (event.key === "Enter" && shown[at]) onSelect(shown[at].name);
        else return;
        event.preventDefault();
    };
    const begin = (event: KeyboardEvent) => {
        if (event.key === "ArrowDown") box.current!.focus();
        else if (event.key === "Enter" && shown[at]) onSelect(shown[at].name);
    };

    return (
        <nav class="list" aria-label={say("modems")}>
            <input
                id="search"
                type="search"
                placeholder={`${say("search")} ( / )`}
                aria-label={say("search")}
                onInput={(event) => {
                    setSearch(event.currentTarget.value);
                    setActive(0);
                    box.current!.scrollTop = 0;
                }}
                onKeyDown={begin}
            />
            <div class="chips">
                {(Object.keys(STATE_FILTERS) as StateFilter[]).map((each) => (
                    <button aria-pressed={state === each} onClick={() => setState(each)}>
                        {say(each)} <small>{found.filter(STATE_FILTERS[each]).length}</small>
                    </button>
                ))}
            </div>
            <Virtual
                class="rows modems"
                role="listbox"
                aria-label={say("modems")}
                aria-activedescendant={shown.length ? `modem-${at}` : undefined}
                tabIndex={0}
                onKeyDown={onKeyDown}
                box={box}
                count={shown.length}
                rowPx={ROW_PX}
                row={(index) => {
                    const modem = shown[index]!;
                    return (
                        <ModemRow
                            key={modem.name}
                            modem={modem}
                            index={index}
                            total={shown.length}
                            isSelected={modem.name === selected}
                            isActive={index === at}
                            onPick={() => {
                                setActive(index);
                                onSelect(modem.name);
                            }}
                        />
                    );
                }}
            />
            {shown.length === 0 && fleet.isComplete && <p class="muted empty">{say("noModem")}</p>}
        </nav>
    );
}
