// Radio, power, link and URCs: what a network, a switch or a thunderstorm would do.
import { useState } from "preact/hooks";

import { modemPath } from "../api/client";
import type { Detail } from "../api/types";
import { useStore } from "../model/store";
import type { Watched } from "../model/watched";
import { say } from "../text/words";
import { act, useBench } from "./acting";

const REGISTERED = ["home", "roaming", "searching", "denied", "no"] as const;
const SIMS = ["ready", "absent"] as const;
const POWERS = ["on", "off", "cycle"] as const;
const LINKS = ["cut", "close"] as const;
const SIGNAL_MAX = 31;
const SIGNAL_UNKNOWN = 99;

// Sends it and shows the modem as it is then.
export function useChange(watched: Watched) {
    const bench = useBench();
    return async (what: string, method: string, rest: string, body: unknown) => {
        const path = modemPath(watched.name, rest);
        const request = () => bench.session.ask<Detail>(method, path, body);
        const detail = await act(bench, what, () => watched.changing(request));
        if (detail) watched.show(detail);
        else watched.askSoon();
        return detail;
    };
}

function Signal({ value, onChange }: { value: number; onChange(signal: number): void }) {
    const [moved, setMoved] = useState<number | null>(null);
    const isUnknown = value === SIGNAL_UNKNOWN;
    const dbm = (signal: number) => `${2 * signal - 113} dBm`;
    const shown = moved ?? value;
    return (
        <div class="field">
            <span aria-hidden="true">{say("signal")}</span>
            <input
                type="range"
                min={0}
                max={SIGNAL_MAX}
                value={isUnknown ? 0 : shown}
                aria-label={`${say("signal")} (signal)`}
                aria-valuetext={isUnknown ? say("unknown") : `${shown}, ${dbm(shown)}`}
                onInput={(event) => setMoved(event.currentTarget.valueAsNumber)}
                onChange={(event) => {
                    setMoved(null);
                    onChange(event.currentTarget.valueAsNumber);
                }}
            />
            <output>{isUnknown && moved === null ? "99" : `${shown} · ${dbm(shown)}`}</output>
            <label class="tick">
                <input
                    type="checkbox"
                    checked={isUnknown}
                    aria-label={`${say("unknown")} (signal 99)`}
                    onChange={(event) => onChange(event.currentTarget.checked ? SIGNAL_UNKNOWN : 20)}
                />
                {say("unknown")}
            </label>
        </div>
    );
}

function Radio({ watched, detail }: { watched: Watched; detail: Detail }) {
    const change = useChange(watched);
    // Shown at once, as whoever moved it sees it; the answer says how it is.
    const set = (key: string, value: string | number) => {
        watched.show({ ...detail, radio: { ...detail.radio, [key]: value } });
        void change(`${key} ${value}`, "PATCH", "", { radio: { [key]: value } });
    };
    const { signal, registered, sim } = detail.radio;
    return (
        <fieldset>
            <legend>{say("radio")}</legend>
            <Signal value={signal} onChange={(value) => set("signal", value)} />
            <div class="field">
                <span aria-hidden="true">{say("registered")}</span>
                <select
                    aria-label={`${say("registered")} (registered)`}
                    value={registered}
                    onChange={(event) => set("registered", event.currentTarget.value)}
                >
                    {REGISTERED.map((each) => (
                        <option value={each}>{say(`reg_${each}`)}</option>
                    ))}
                </select>
            </div>
            <div class="field">
                <span aria-hidden="true">{say("sim")}</span>
                <select
                    aria-label={`${say("sim")} (sim)`}
                    value={sim}
                    onChange={(event) => set("sim", event.currentTarget.value)}
                >
                    {SIMS.map((each) => (
                        <option value={each}>{say(`sim_${each}`)}</option>
                    ))}
                </select>
            </div>
        </fieldset>
    );
}

export function Controls({ watched }: { watched: Watched }) {
    useStore(watched.state);
    const change = useChange(watched);
    const [text, setText] = useState("");
    const { detail } = watched;
    if (!detail) return null;
    const sayUrc = async (event: SubmitEvent) => {
        event.preventDefault();
        if (await change(text, "POST", "/urc", { text })) setText("");
    };
    return (
        <>
            <Radio watched={watched} detail={detail} />
            <fieldset>
                <legend>{say("power")}</legend>
                <div class="buttons">
                    {POWERS.map((action) => (
                        <button
                            aria-label={`${say(`power_${action}`)} (power ${action})`}
                            disabled={(action === "on") === detail.powered && action !== "cycle"}
                            onClick={() => change(`power ${action}`, "POST", "/power", { action })}
                        >
                            {say(`power_${action}`)}
                        </button>
                    ))}
                </div>
            </fieldset>
            <fieldset>
                <legend>{say("link")}</legend>
                <div class="buttons">
                    {LINKS.map((action) => (
                        <button
                            aria-label={`${say(`link_${action}`)} (link ${action})`}
                            disabled={!detail.connected}
                            onClick={() => change(`link ${action}`, "POST", "/link", { action })}
                        >
                            {say(`link_${action}`)}
                        </button>
                    ))}
                </div>
            </fieldset>
            <fieldset>
                <legend>{say("urc")}</legend>
                <form class="inline" onSubmit={sayUrc}>
                    <input
                        required
                        maxLength={4096}
                        placeholder={say("urcText")}
                        aria-label={`${say("urc")} (urc)`}
                        autocomplete="off"
                        value={text}
                        onInput={(event) => setText(event.currentTarget.value)}
                    />
                    <button aria-label={`${say("send")} (urc)`}>{say("send")}</button>
                </form>
            </fieldset>
        </>
    );
}
