// All that is known of a modem, as it stands.
import { useStore } from "../model/store";
import type { Watched } from "../model/watched";
import { clientsOf, numberOf } from "../text/describe";
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
    return (
        <>
            {clientsOf(detail).map((each) => {
                const filters = each.subscriptions.map(({ filter, qos }) => [filter, `QoS ${qos}`]);
                const { inbox, outbox } = each;
                return (
                    <>
                        <Pairs
                            title={numberOf(each) + say("connection")}
                            values={{ ...each.connection, inbox, outbox }}
                        />
                        <Pairs title={numberOf(each) + say("subscriptions")} values={Object.fromEntries(filters)} />
                    </>
                );
            })}
            <Pairs title={say("counters")} values={detail.counters} />
            <Pairs title={say("settings")} values={detail.settings} />
            <Pairs title={say("identity")} values={detail.identity} />
        </>
    );
}
