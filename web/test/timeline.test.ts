import assert from "node:assert/strict";
import { test } from "node:test";

import type { AtEvent } from "../src/api/types";
import { KINDS, Rows } from "../src/model/rows";
import { type Entry, Timeline } from "../src/model/timeline";

const at = (t_ms: number, text = `line ${t_ms}`): AtEvent => ({
    t_ms,
    modem: "m",
    kind: "at",
    dir: "host",
    hex: "41",
    text,
});

const filled = (count: number, entriesMax: number) => {
    const timeline = new Timeline(entriesMax);
    for (let i = 0; i < count; i++) timeline.push(at(i));
    return timeline;
};

test("the oldest entries are dropped and counted, and numbers stay", () => {
    const timeline = filled(7, 5);
    assert.deepEqual([timeline.first, timeline.next, timeline.dropped], [2, 7, 2]);
    assert.equal(timeline.get(2).t_ms, 2);
    assert.equal(timeline.get(6).t_ms, 6);
});

test("long lines are bounded by their characters", () => {
    const timeline = new Timeline(100, 1000);
    for (let i = 0; i < 10; i++) timeline.push(at(i, "x".repeat(300)));
    assert.equal(timeline.next - timeline.first, 3);
    timeline.push(at(11, "x".repeat(5000))); // longer than all: it is kept alone
    assert.equal(timeline.next - timeline.first, 1);
});

test("paused, nothing that is kept goes, and what finds no room is counted", () => {
    const timeline = filled(3, 4);
    timeline.pause();
    for (let i = 3; i < 9; i++) timeline.push(at(i));
    assert.deepEqual([timeline.first, timeline.next, timeline.notKept], [0, 4, 5]);
    timeline.goOn();
    const last = timeline.get(timeline.next - 1) as Entry & { kind: "gap" };
    assert.deepEqual([last.kind, last.reason, last.missed], ["gap", "paused", 5]);
    assert.equal(timeline.notKept, 0);
    assert.equal(timeline.dropped, 6); // five not kept, and one for the mark
});

test("rows follow a timeline that drops, and say how many are gone", () => {
    const timeline = filled(3, 5);
    const rows = new Rows(timeline);
    rows.update();
    assert.equal(rows.count, 3);
    for (let i = 3; i < 8; i++) timeline.push(at(i));
    assert.equal(rows.update(), 3);
    assert.deepEqual([rows.count, rows.at(0), rows.at(4)], [5, 3, 7]);
    assert.equal(rows.rowOf(5), 2);
});

test("rows that come and go between two looks are never shown", () => {
    const timeline = filled(2, 4);
    const rows = new Rows(timeline);
    rows.update();
    for (let i = 2; i < 50; i++) timeline.push(at(i));
    rows.update();
    assert.deepEqual([rows.count, rows.at(0)], [4, 46]);
});

test("kinds and what is looked for choose rows; gaps always stay", () => {
    const timeline = new Timeline();
    timeline.push(at(1, "AT+CSQ"));
    timeline.push({ t_ms: 2, modem: "m", kind: "news", what: "connected" });
    timeline.push({ kind: "gap", t_ms: 2, reason: "lost", missed: 1000 });
    timeline.push({ t_ms: 3, modem: "m", kind: "mqtt", dir: "out", packet: "PUBLISH", topic: "/CSQ", bytes: 3 });
    const rows = new Rows(timeline);
    rows.setFilter({ kinds: new Set(["at", "mqtt"]), find: "", onlyFound: false });
    assert.equal(rows.count, 3);
    rows.setFilter({ kinds: new Set(KINDS), find: "csq", onlyFound: false });
    assert.equal(rows.count, 4);
    assert.deepEqual([rows.find(-1, 1), rows.find(0, 1), rows.find(3, 1), rows.find(0, -1)], [0, 3, 0, 3]);
    rows.setFilter({ kinds: new Set(KINDS), find: "csq", onlyFound: true });
    assert.deepEqual([rows.count, rows.at(0), rows.at(1), rows.at(2)], [3, 0, 2, 3]);
    rows.setFilter({ kinds: new Set(KINDS), find: "nothing", onlyFound: false });
    assert.equal(rows.find(-1, 1), -1);
});
