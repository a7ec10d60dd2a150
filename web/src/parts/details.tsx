// All that is known of a modem, as it stands.
import { useStore } from "../model/store";
import type { Watched } from "../model/watched";
import { say } from "../text/words";
import { Seen } from "./seen";

function Pairs({ title, values }: { title: string; values: object }) {
    const entries = Object.entries(values);
    return (
        <>
            <h3>{title}</h3>
            {entries.length === 0 && <p class="muted">{say("none")}</p>}
            <dl>
                {entries.map(([key, value]) => (
                    <>
                        <dt>{key}</dt>
                        <dd>
                            <Seen text={String(value)} />
                        </dd>
                    </>
                ))}
            </dl>
        </>
    );
}

export function Details({ watched }: { watched: Watched }) {
    useStore(watched.state);
    const { detail } = watched;
    if (!detail) return null;
    const filters = detail.subscriptions.map(({ filter, qos }) => [filter, `QoS ${qos}`]);
    const { inbox, outbox } = detail;
    return (
        <>
            <Pairs title={say("connection")} values={detail.connection ?? {}} />
            <Pairs title={say("subscriptions")} values={Object.fromEntries(filters)} />
            <Pairs title={say("counters")} values={{ inbox, outbox, ...detail.counters }} />
            <Pairs title={say("settings")} values={detail.settings} />
            <Pairs title={say("identity")} values={detail.identity} />
        </>
    );
}
