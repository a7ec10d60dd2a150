import type { ComponentType } from "preact";
import { useState } from "preact/hooks";

import { useStore } from "../model/store";
import type { Watched } from "../model/watched";
import { clientsOf, errorText, numberOf, stateText } from "../text/describe";
import { say, sayOr } from "../text/words";
import { Charts } from "./charts";
import { Controls } from "./controls";
import { Details } from "./details";
import { Faults } from "./faults";
import { ReportView } from "./report";
import { Seen } from "./seen";
import { TimelineView } from "./timeline_view";

type Panel = ComponentType<{ watched: Watched }>;

const PANELS = {
    controls: Controls,
    faults: Faults,
    charts: Charts,
    report: ReportView,
    details: Details,
} satisfies Record<string, Panel>;

type Tab = keyof typeof PANELS;

const TABS = Object.keys(PANELS) as Tab[];

function Head({ watched, onBack }: { watched: Watched; onBack(): void }) {
    useStore(watched.state);
    const { detail, isGone } = watched;
    const state = !detail?.powered ? "off" : detail.connected ? "connected" : "offline";
    const radio = detail?.radio;
    return (
        <header class={`head ${state}`}>
            <button class="back" onClick={onBack}>
                ‹ {say("back")}
            </button>
            <h2>
                <span class="dot" /> {watched.name}
            </h2>
            {isGone && <p class="bad">{say("gone")}</p>}
            {detail && (
                <p class="state">
                    {detail.powered
                        ? clientsOf(detail).map((each) => <Seen text={numberOf(each) + stateText(each)} />)
                        : say("stateOff")}
                    <small class="muted">
                        {radio && sayOr(`reg_${radio.registered}`, radio.registered)} ·{" "}
                        {radio && say("sim")} {radio && say(`sim_${radio.sim}`)} · {detail.terminal} · {detail.dialect} ·{" "}
                        {say(detail.host_connected ? "hostThere" : "hostAbsent")}
                    </small>
                </p>
            )}
            {detail &&
                clientsOf(detail).map(
                    (each) =>
                        each.last_error && (
                            <p class="error">
                                <Seen text={numberOf(each) + errorText(each.last_error)} />
                            </p>
                        ),
                )}
        </header>
    );
}

function TabList({ tab, setTab }: { tab: Tab; setTab(tab: Tab): void }) {
    const onKeyDown = (event: KeyboardEvent) => {
        const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (!step) return;
        const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length]!;
        setTab(next);
        document.getElementById(`tab-${next}`)!.focus();
    };
    return (
        <div class="tabs" role="tablist" aria-label={say("panels")} onKeyDown={onKeyDown}>
            {TABS.map((each) => (
                <button
                    role="tab"
                    id={`tab-${each}`}
                    aria-selected={each === tab}
                    aria-controls="panel"
                    tabIndex={each === tab ? 0 : -1}
                    onClick={() => setTab(each)}
                >
                    {say(`tab_${each}`)}
                </button>
            ))}
        </div>
    );
}

export function ModemView({ watched, onBack }: { watched: Watched; onBack(): void }) {
    const [tab, setTab] = useState<Tab>("controls");
    const Panel: Panel = PANELS[tab];
    return (
        <main class="one">
            <Head watched={watched} onBack={onBack} />
            <TimelineView key={watched.name} watched={watched} />
            <aside>
                <TabList tab={tab} setTab={setTab} />
                <div
                    id="panel"
                    class="panel"
                    role="tabpanel"
                    tabIndex={0}
                    aria-labelledby={`tab-${tab}`}
                >
                    <Panel key={watched.name} watched={watched} />
                </div>
            </aside>
        </main>
    );
}
