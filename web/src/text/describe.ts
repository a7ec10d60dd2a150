// Events and states as short texts.
import type { Detail, FaultEvent, MqttEvent, NewsEvent } from "../api/types";
import { clock, lasting } from "./times";
import { say, sayOr } from "./words";

function fields(event: object, ...left: string[]): string {
    return Object.entries(event)
        .filter(([key]) => !["t_ms", "modem", "kind", "dir", ...left].includes(key))
        .map(([key, value]) => `${key}=${typeof value === "object" ? JSON.stringify(value) : value}`)
        .join(" ");
}

// PUBLISH 7 QoS 1 /topic 14 B
export function mqttText(event: MqttEvent): string {
    const { packet, id, qos, dup, retained, topic, bytes } = event;
    if (packet !== "PUBLISH")
        return `${packet}${id ? ` ${id}` : ""} ${fields(event, "packet", "id", "bytes")}`.trim();
    const marks = [id && String(id), `QoS ${qos ?? 0}`, dup && "DUP", retained && "RETAIN"];
    return [packet, ...marks.filter(Boolean), topic, `${bytes} B`].join(" ");
}

// What is 0 says nothing here, but for results.
export function newsText(event: NewsEvent): string {
    const { what, command, result, ...rest } = event;
    const said = Object.entries(rest).filter(([, value]) => value !== 0 && value !== false);
    const outcome = result === undefined ? "" : result === 0 ? "OK" : `error ${result}`;
    return [what, command, outcome, fields(Object.fromEntries(said))].filter(Boolean).join(" ");
}

export function faultText(event: FaultEvent): string {
    return `${event.name} ${event.what}: ${event.type} ${fields(event, "what", "name", "type")}`.trim();
}

export function stateText(detail: Detail): string {
    if (!detail.powered) return say("stateOff");
    const { connection } = detail;
    if (!connection) return say("stateOffline");
    const parts = [
        say("stateConnected", connection.broker, connection.client_id, lasting(connection.since_ms)),
        connection.tls && say("encrypted"),
        connection.session_present && say("sessionPresent"),
    ];
    return parts.filter(Boolean).join(" · ");
}

export function errorText({ last_error: error }: Detail): string {
    if (!error) return "";
    const stage = sayOr(`stage_${error.stage}`, error.stage);
    const rest = `${error.stage} ${error.code}${error.text ? `, ${error.text}` : ""}`;
    return say("lastError", clock(error.at_ms).slice(0, 8), `${stage} (${rest})`);
}
