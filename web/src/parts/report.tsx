// The driver's report, live.
import { useEffect, useState } from "preact/hooks";

import { modemPath } from "../api/client";
import type { Finding, Report } from "../api/types";
import type { Watched } from "../model/watched";
import { ruleTitle } from "../text/finding_words";
import { clock } from "../text/times";
import { language, say } from "../text/words";
import { useBench } from "./acting";
import { Seen } from "./seen";

const REFRESH_MS = 2_000;

function FindingView({ watched, finding }: { watched: Watched; finding: Finding }) {
    const { notices } = useBench();
    const time = clock(watched.epoch_ms + finding.t_ms);
    return (
        <li>
            <b>{ruleTitle(finding.rule)}</b> <code class="muted">{finding.rule}</code>
            <button
                class="link"
                aria-label={say("goToLine", time)}
                onClick={() => watched.look.chooseTime(finding.t_ms) || notices.tell(say("lineGone"), true)}
            >
                {time} <Seen text={finding.line} escaped chars={100} />
            </button>
            <p>
                <small class="muted">{say("why")}</small> {finding.why}
            </p>
            <p>
                <small class="muted">{say("remedy")}</small> {finding.remedy}
            </p>
        </li>
    );
}

export function ReportView({ watched }: { watched: Watched }) {
    const { session } = useBench();
    const [findings, setFindings] = useState<Finding[] | null>(null);
    useEffect(() => {
        const ask = async () => {
            const path = modemPath(watched.name, `/report?lang=${language()}`);
            const report = await session.ask<Report>("GET", path).catch(() => null);
            if (report) setFindings(report.findings);
        };
        void ask();
        const timer = setInterval(ask, REFRESH_MS);
        return () => clearInterval(timer);
    }, [watched, language()]);
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
