// The driver's report, live.
import { useEffect, useState } from "preact/hooks";

import { ApiError, modemPath } from "../api/client";
import type { Finding, Report } from "../api/types";
import type { Watched } from "../model/watched";
import { findingWords } from "../text/finding_words";
import { clock } from "../text/times";
import { say } from "../text/words";
import { useBench } from "./acting";
import { Seen } from "./seen";

const REFRESH_MS = 2_000;

function FindingView({ watched, finding }: { watched: Watched; finding: Finding }) {
    const { notices } = useBench();
    const time = clock(watched.epoch_ms + finding.t_ms);
    const words = findingWords(finding);
    return (
        <li>
            <b>{words.title}</b> <code class="muted">{finding.rule}</code>
            <button
                class="link"
                aria-label={say("goToLine", time)}
                onClick={() => watched.look.chooseTime(finding.t_ms) || notices.tell(say("lineGone"), true)}
            >
                {time} <Seen text={finding.line} escaped chars={100} />
            </button>
            <p>
                <small class="muted">{say("why")}</small> {words.why}
            </p>
            <p>
                <small class="muted">{say("remedy")}</small> {words.remedy}
            </p>
        </li>
    );
}

export function ReportView({ watched }: { watched: Watched }) {
    const { session } = useBench();
    const [findings, setFindings] = useState<Finding[] | null>(null);
    const [isMissing, setMissing] = useState(false);
    useEffect(() => {
        const ask = async () => {
            try {
                const path = modemPath(watched.name, "/report");
                setFindings((await session.ask<Report>("GET", path)).findings);
            } catch (error) {
                setMissing(error instanceof ApiError && error.code === "no_report");
            }
        };
        void ask();
        const timer = setInterval(ask, REFRESH_MS);
        return () => clearInterval(timer);
    }, [watched]);
    if (isMissing) return <p class="muted">{say("noReport")}</p>;
    if (!findings) return null;
    if (findings.length === 0) return <p class="good">{say("clean")}</p>;
    return (
        <>
            <p class="bad">{say("findings", findings.length)}</p>
            <ol class="findings">
                {findings.map((finding, i) => (
                    <FindingView key={i} watched={watched} finding={finding} />
                ))}
            </ol>
        </>
    );
}
