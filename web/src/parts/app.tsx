import { useEffect, useMemo, useReducer, useState } from "preact/hooks";

import { Fleet } from "../model/fleet";
import type { Session } from "../model/session";
import { useStore } from "../model/store";
import { Watched } from "../model/watched";
import { prefer, preference } from "../preferences";
import { clock } from "../text/times";
import { language, say, setLanguage } from "../text/words";
import { BenchContext, Notices, act, useBench } from "./acting";
import { Login } from "./login";
import { ModemListView } from "./modem_list";
import { ModemView } from "./modem_view";

declare const PAGE_VERSION: string;

const REMEMBERED = 5; // modems whose timelines are kept while others are looked at
const KEYS: Record<string, string> = { "/": "search", f: "find", p: "pause" };

const chosenName = () => decodeURIComponent(location.hash.slice(1)) || null;

function Banner({ session }: { session: Session }) {
    const [isSeen, setSeen] = useState(false);
    if (session.lostAt)
        return (
            <p class="banner bad" role="alert">
                {say("connectionLost", clock(session.lostAt).slice(0, 8))}
            </p>
        );
    if (!session.isOld || isSeen) return null;
    return (
        <p class="banner" role="alert">
            {say("oldPage", PAGE_VERSION, session.version!.version)}{" "}
            <button onClick={() => location.reload()}>{say("reload")}</button>{" "}
            <button onClick={() => setSeen(true)}>{say("close")}</button>
        </p>
    );
}

const isDark = () => {
    const { theme } = document.documentElement.dataset;
    return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

function setTheme(theme: string) {
    document.documentElement.dataset.theme = theme;
    prefer("theme", theme);
}

function TopBar({ again }: { again(): void }) {
    const bench = useBench();
    const { session } = bench;
    const reset = () => act(bench, say("resetAll"), () => session.ask("POST", "/v1/reset"));
    const otherLanguage = language() === "zh" ? "en" : "zh";
    return (
        <header class="top">
            <h1>imqtt</h1>
            <small class="muted">{session.version?.version}</small>
            <span class="space" />
            <button title={say("resetHint")} onClick={reset}>
                {say("resetAll")}
            </button>
            <button
                onClick={() => {
                    setTheme(isDark() ? "light" : "dark");
                    again();
                }}
            >
                {say(isDark() ? "light" : "dark")}
            </button>
            <button
                lang={otherLanguage}
                onClick={() => {
                    prefer("language", otherLanguage);
                    setLanguage(otherLanguage);
                    again();
                }}
            >
                {otherLanguage === "zh" ? "中文" : "English"}
            </button>
            <button onClick={() => session.logout()}>{say("logout")}</button>
        </header>
    );
}

function NoticeLine({ notices }: { notices: Notices }) {
    useStore(notices);
    return (
        <p class={`notice ${notices.isBad ? "bad" : ""}`} role="status">
            {notices.text}
        </p>
    );
}

// The modem that is looked at. Those before it are kept for a while, with what was seen of them.
function useWatched(session: Session, name: string | null): Watched | null {
    const kept = useMemo(() => new Map<string, Watched>(), [session]);
    const watched = useMemo(() => {
        if (!name) return null;
        const found = kept.get(name) ?? new Watched(session, name);
        kept.delete(name);
        kept.set(name, found);
        if (kept.size > REMEMBERED) kept.delete(kept.keys().next().value!);
        return found;
    }, [name]);
    useEffect(() => {
        watched?.begin();
        return () => watched?.end();
    }, [watched]);
    return watched;
}

// A letter, where nothing is typed, goes to a field or a button.
function onShortcut(event: KeyboardEvent) {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input, select, textarea")) return;
    const element = document.getElementById(KEYS[event.key] ?? "");
    if (!element) return;
    event.preventDefault();
    element.focus();
    if (element instanceof HTMLButtonElement) element.click();
}

function Workbench({ session }: { session: Session }) {
    const [, again] = useReducer((count: number) => count + 1, 0);
    const fleet = useMemo(() => new Fleet(session), [session]);
    const bench = useMemo(() => ({ session, notices: new Notices() }), [session]);
    const [name, setName] = useState(chosenName);
    const watched = useWatched(session, name);
    useEffect(() => {
        const onHash = () => setName(chosenName());
        addEventListener("hashchange", onHash);
        addEventListener("keydown", onShortcut);
        return () => {
            fleet.stop();
            removeEventListener("hashchange", onHash);
            removeEventListener("keydown", onShortcut);
        };
    }, [fleet]);
    useEffect(() => {
        document.title = name ? `${name} – imqtt` : "imqtt";
    }, [name]);
    return (
        <BenchContext.Provider value={bench}>
            <div class={`app ${name ? "has-modem" : ""}`}>
                <TopBar again={() => again(undefined)} />
                <Banner session={session} />
                <ModemListView
                    fleet={fleet}
                    selected={name}
                    onSelect={(each) => (location.hash = encodeURIComponent(each))}
                />
                {watched ? (
                    <ModemView watched={watched} onBack={() => (location.hash = "")} />
                ) : (
                    <main class="one">
                        <p class="muted empty">{say("chooseModem")}</p>
                    </main>
                )}
                <NoticeLine notices={bench.notices} />
            </div>
        </BenchContext.Provider>
    );
}

export function App({ session }: { session: Session }) {
    useStore(session);
    return session.client ? <Workbench session={session} /> : <Login session={session} />;
}

export function applyPreferences() {
    setLanguage(preference("language") ?? navigator.language);
    const theme = preference("theme");
    if (theme) document.documentElement.dataset.theme = theme;
}
