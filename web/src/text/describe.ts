// Events and states as short texts.
import type { Client, Detail, FaultEvent, MqttEvent, NewsEvent } from "../api/types";
import { clock, lasting } from "./times";
import { say, sayOr } from "./words";

function fields(event: object, ...left: string[]): string {
    return Object.entries(event)
        .filter(([key]) => !["t_ms", "modem", "kind", "dir", ...left].includes(key))
        .map(([key, value]) => `${key}=${typeof value === "object" ? JSON.stringify(value) : value}`)
        .join(" ");
}

const OF_THE_MODEM = ["powered", "booted", "registered", "command", "radio", "urc"];

// #1: of which of several clients. Of the first one no number comes.
function clientMark(event: MqttEvent | NewsEvent, hasClients: boolean): string {
    const isOfOne = event.client || (hasClients && !("what" in event && OF_THE_MODEM.includes(event.what)));
    return isOfOne ? `#${event.client ?? 0}` : "";
}

// PUBLISH 7 QoS 1 /topic 14 B
export function mqttText(event: MqttEvent, hasClients = false): string {
    const { packet, id, qos, dup, retained, topic, bytes } = event;
    const marks =
        packet === "PUBLISH"
            ? [`QoS ${qos ?? 0}`, dup && "DUP", retained && "RETAIN", topic, `${bytes} B`]
            : [fields(event, "packet", "id", "bytes", "client")];
    return [clientMark(event, hasClients), packet, id, ...marks].filter(Boolean).join(" ");
}

// What is 0 says nothing here, but for results.
export function newsText(event: NewsEvent, hasClients = false): string {
    const { what, command, result, client: _, ...rest } = event;
    const said = Object.entries(rest).filter(([, value]) => value !== 0 && value !== false);
    const outcome = result === undefined ? "" : result === 0 ? "OK" : `error ${result}`;
    return [clientMark(event, hasClients), what, command, outcome, fields(Object.fromEntries(said))].filter(Boolean).join(" ");
}

export function faultText(event: FaultEvent): string {
    return `${event.name} ${event.what}: ${event.type} ${fields(event, "what", "name", "type")}`.trim();
}

// Of a modem with several clients each has a state.
export const clientsOf = (detail: Detail): (Detail | Client)[] => detail.clients ?? [detail];

export const numberOf = (each: object) => ("client" in each ? `#${each.client} ` : "");

export function stateText({ connection }: Detail | Client): string {
    if (!connection) return say("stateOffline");
    const parts = [
        say("stateConnected", connection.broker, connection.client_id, lasting(connection.since_ms)),
        connection.tls && say("encrypted"),
        connection.session_present && say("sessionPresent"),
    ];
    return parts.filter(Boolean).join(" · ");
}

export function errorText(error: NonNullable<Detail["last_error"]>): string {
    const stage = sayOr(`stage_${error.stage}`, error.stage);
    const rest = `${error.stage} ${error.code}${error.text ? `, ${error.text}` : ""}`;
    return say("lastError", clock(error.at_ms).slice(0, 8), `${stage} (${rest})`);
}
