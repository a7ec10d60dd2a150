// What a form of a fault says, as the request that adds it.
import type { FaultAttribute, FaultRequest, FaultTypeRow } from "../api/types";

export type Fields = Record<string, string>;

const NUMBERS = ["toxicity", "seed", "ttl_ms", "count"];
const NUMERIC_KINDS = ["number", "duration", "share"];

export const attributesOn = (row: FaultTypeRow, link: string): FaultAttribute[] =>
    row.attributes.filter((attribute) => attribute.links.includes(link as "uart" | "broker"));

// An attribute that must be filled in.
export const isNeeded = (row: FaultTypeRow, attribute: FaultAttribute): boolean =>
    row.needs === "all" && attribute.standard === undefined;

export function faultRequest(row: FaultTypeRow, fields: Fields): FaultRequest {
    const link = fields.link || row.links[0]!;
    const request: Record<string, unknown> = { type: row.name, link };
    for (const key of ["name", "stream"]) if (fields[key]) request[key] = fields[key];
    for (const key of NUMBERS) if (fields[key]) request[key] = Number(fields[key]);
    if (fields.when) request.when = { command: fields.when };
    const attributes: Record<string, unknown> = {};
    for (const { name, kind } of attributesOn(row, link)) {
        const value = fields[`attributes.${name}`];
        if (value) attributes[name] = NUMERIC_KINDS.includes(kind) ? Number(value) : value;
    }
    request.attributes = attributes;
    return request as unknown as FaultRequest;
}
