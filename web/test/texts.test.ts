import assert from "node:assert/strict";
import { test } from "node:test";

import type { FaultTypeRow } from "../src/api/types";
import { faultRequest } from "../src/model/fault_form";
import { STATE_FILTERS, chosen } from "../src/model/fleet";
import { clock, difference, lasting, seconds } from "../src/text/times";
import { pieces } from "../src/text/visible";

const named = (text: string, escaped = true) =>
    pieces(text, escaped).map(({ text, name }) => (name ? `<${name}>` : text));

test("control bytes have names, and a written backslash is one", () => {
    assert.deepEqual(named("AT\\x0d\\x0a"), ["AT", "<\\r>", "<\\n>"]);
    assert.deepEqual(named("a\\\\x0db\\x1a\\xff"), ["a\\x0db", "<^Z>", "<FF>"]);
    assert.deepEqual(named("a\\x0d", false), ["a\\x0d"]);
});

test("characters that turn or hide others are named", () => {
    assert.deepEqual(named("a\u202eb\u200bc\ufeff", false), ["a", "<U+202E>", "b", "<U+200B>", "c", "<U+FEFF>"]);
    assert.deepEqual(named("温度 23 °C, שלום", false), ["温度 23 °C, שלום"]);
});

test("times", () => {
    assert.match(clock(Date.UTC(2026, 10, 26, 1, 2, 3, 45)), /^\d\d:\d\d:03\.045$/);
    assert.equal(seconds(12345.6), "12.346");
    assert.deepEqual([0.3, 12, 1204, 185000].map(difference), ["+0.3 ms", "+12 ms", "+1.204 s", "+3:05"]);
    assert.deepEqual([45e3, 200e3, 7500e3].map(lasting), ["45 s", "3 min", "2 h 5 min"]);
});

const modem = (name: string, more = {}) => ({
    ...{ name, terminal: `pty /dev/${name}`, powered: true, connected: false, signal: 20 },
    ...{ registered: "home" as const, faults: 0, messages_in: 0, messages_out: 0, ...more },
});

test("modems are chosen by words and by state", () => {
    const all = [
        modem("meter-1", { connected: true }),
        modem("meter-2", { powered: false, registered: "no" }),
        modem("pump", { faults: 2 }),
    ];
    const names = (search: string, state: keyof typeof STATE_FILTERS) =>
        chosen(all, search, state).map(({ name }) => name);
    assert.deepEqual(names("", "all").length, 3);
    assert.deepEqual(names("METER dev", "all"), ["meter-1", "meter-2"]);
    assert.deepEqual(names("", "connected"), ["meter-1"]);
    assert.deepEqual(names("", "offline"), ["pump"]);
    assert.deepEqual(names("", "off"), ["meter-2"]);
    assert.deepEqual(names("", "faulty"), ["pump"]);
    assert.deepEqual(names("", "unregistered"), ["meter-2"]);
});

test("a fault's form becomes its request", () => {
    const row: FaultTypeRow = {
        ...{ name: "bandwidth", does: "", links: ["uart", "broker"], lasts: true, needs: "one_of" },
        attributes: [
            { name: "bytes_per_s", kind: "number", links: ["uart", "broker"], does: "" },
            { name: "baud", kind: "number", links: ["uart"], does: "" },
        ],
    };
    const fields = { "attributes.baud": "9600", when: "AT*", ttl_ms: "5000", toxicity: "0.5", stream: "" };
    assert.deepEqual(faultRequest(row, fields), {
        ...{ type: "bandwidth", link: "uart", toxicity: 0.5, ttl_ms: 5000 },
        ...{ when: { command: "AT*" }, attributes: { baud: 9600 } },
    });
    assert.deepEqual(faultRequest(row, { ...fields, link: "broker" }).attributes, {});
});
