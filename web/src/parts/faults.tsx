// The faults of a modem, and the form that adds one, made from the program's own table.
import { useState } from "preact/hooks";

import { type ApiError, modemPath } from "../api/client";
import type { Fault, FaultAttribute, FaultTypeRow } from "../api/types";
import { type Fields, attributesOn, faultRequest, isNeeded } from "../model/fault_form";
import { useStore } from "../model/store";
import type { Watched } from "../model/watched";
import { attributeDoes, faultDoes } from "../text/fault_words";
import { say, sayOr } from "../text/words";
import { act, useBench } from "./acting";
import { useChange } from "./controls";
import { Seen } from "./seen";

const OPTIONS = ["toxicity", "ttl_ms", "count", "seed", "when", "name"] as const;
const RANGES: Record<string, object> = {
    toxicity: { type: "number", min: 0, max: 1, step: "any", placeholder: "1" },
    ttl_ms: { type: "number", min: 1, max: 31536000000 },
    count: { type: "number", min: 1, max: 1000000000 },
    seed: { type: "number", min: 0, max: Number.MAX_SAFE_INTEGER },
    when: { maxLength: 128, placeholder: "AT+*PUB*" },
    name: { maxLength: 32, pattern: "[A-Za-z0-9._\\-]+" },
};

function inWords(fault: Fault): string {
    const { type, link, stream, toxicity, ttl_ms, count, when, attributes } = fault;
    const parts = Object.entries(attributes).map(([key, value]) => `${key}=${value}`);
    if (toxicity < 1) parts.push(`toxicity=${toxicity}`);
    if (ttl_ms) parts.push(`ttl=${Math.ceil(ttl_ms / 1000)}s`);
    if (count) parts.push(`count=${count}`);
    if (when) parts.push(`when=${when.command}`);
    return [type, link, stream, ...parts].join(" ");
}

function Active({ watched, faults }: { watched: Watched; faults: Fault[] }) {
    const change = useChange(watched);
    const remove = (what: string, rest: string) => change(`${say("remove")} ${what}`, "DELETE", rest, undefined);
    if (faults.length === 0) return <p class="muted">{say("noFaults")}</p>;
    return (
        <>
            <ul class="faults">
                {faults.map((fault) => (
                    <li key={fault.name}>
                        <b>{fault.name}</b> <Seen text={inWords(fault)} />
                        <button
                            aria-label={`${say("remove")} ${fault.name}`}
                            onClick={() => remove(fault.name, `/faults/${fault.name}`)}
                        >
                            ×
                        </button>
                    </li>
                ))}
            </ul>
            <button onClick={() => remove(say("all"), "/faults")}>{say("removeAll")}</button>
        </>
    );
}

interface InputProps {
    row: FaultTypeRow;
    attribute: FaultAttribute;
    put(key: string, value: string): void;
    value: string | undefined;
}

function AttributeInput({ row, attribute, put, value }: InputProps) {
    const { name, kind, min, max, standard, words } = attribute;
    const key = `attributes.${name}`;
    const required = isNeeded(row, attribute);
    const onInput = (event: { currentTarget: { value: string } }) => put(key, event.currentTarget.value);
    return (
        <label class="field">
            <span>
                <code>{name}</code> <small class="muted">{attributeDoes(row.name, attribute)}</small>
            </span>
            {words ? (
                <select name={name} value={value ?? standard ?? ""} required={required} onInput={onInput}>
                    {required && <option value="" />}
                    {words.map((word) => (
                        <option>{word}</option>
                    ))}
                </select>
            ) : kind === "text" ? (
                <input name={name} maxLength={max} required={required} value={value ?? ""} onInput={onInput} />
            ) : (
                <input
                    name={name}
                    type="number"
                    step={kind === "share" ? "any" : 1}
                    {...{ min, max, required }}
                    placeholder={standard}
                    value={value ?? ""}
                    onInput={onInput}
                />
            )}
        </label>
    );
}

interface ChoiceProps {
    name: "link" | "stream";
    words: string[];
    value: string;
    put(key: string, value: string): void;
}

function Choice({ name, words, value, put }: ChoiceProps) {
    return (
        <label class="field">
            <span>
                <code>{name}</code> {say(name === "link" ? "faultLink" : "stream")}
            </span>
            <select name={name} value={value} onInput={(event) => put(name, event.currentTarget.value)}>
                {words.map((word) => (
                    <option value={word}>{sayOr(`stream_${word}`, word)}</option>
                ))}
            </select>
        </label>
    );
}

function AddFault({ watched }: { watched: Watched }) {
    const bench = useBench();
    const types = bench.session.faultTypes;
    const [type, setType] = useState(types[0]!.name);
    const [fields, setFields] = useState<Fields>({});
    const [refused, setRefused] = useState<ApiError | null>(null);
    const row = types.find((each) => each.name === type)!;
    const link = fields.link || row.links[0]!;
    const put = (key: string, value: string) => setFields((all) => ({ ...all, [key]: value }));
    const add = async (event: SubmitEvent) => {
        event.preventDefault();
        setRefused(null);
        const path = modemPath(watched.name, "/faults");
        const request = () => bench.session.ask<Fault>("POST", path, faultRequest(row, fields));
        if (await act(bench, `${say("addFault")} ${type}`, request, setRefused)) setFields({});
        watched.askSoon(0);
    };
    return (
        <form onSubmit={add}>
            <fieldset>
                <legend>{say("addFault")}</legend>
                <label class="field">
                    <span>
                        <code>type</code> {say("type")}
                    </span>
                    <select
                        name="type"
                        value={type}
                        onInput={(event) => {
                            setType(event.currentTarget.value as typeof type);
                            setFields({});
                            setRefused(null);
                        }}
                    >
                        {types.map(({ name }) => (
                            <option>{name}</option>
                        ))}
                    </select>
                </label>
                <p class="muted">{faultDoes(row)}</p>
                {row.links.length > 1 && <Choice name="link" words={row.links} value={link} put={put} />}
                {attributesOn(row, link).map((attribute) => (
                    <AttributeInput
                        key={`${type}.${attribute.name}`}
                        {...{ row, attribute, put }}
                        value={fields[`attributes.${attribute.name}`]}
                    />
                ))}
                <details>
                    <summary>{say("moreOptions")}</summary>
                    <Choice name="stream" words={["", "up", "down", "both"]} value={fields.stream ?? ""} put={put} />
                    {OPTIONS.filter((key) => key !== "count" || !row.lasts).map((key) => (
                        <label class="field" key={key}>
                            <span>
                                <code>{key}</code> <small class="muted">{say(key)}</small>
                            </span>
                            <input
                                name={key}
                                autocomplete="off"
                                {...RANGES[key]}
                                value={fields[key] ?? ""}
                                onInput={(event) => put(key, event.currentTarget.value)}
                            />
                        </label>
                    ))}
                </details>
                {refused && (
                    <p role="alert" class="bad">
                        {refused.field && <code>{refused.field}: </code>}
                        {refused.message}
                    </p>
                )}
                <button class="main">{say("addFault")}</button>
            </fieldset>
        </form>
    );
}

export function Faults({ watched }: { watched: Watched }) {
    useStore(watched.state);
    return (
        <>
            <Active watched={watched} faults={watched.detail?.faults ?? []} />
            <AddFault watched={watched} />
        </>
    );
}
