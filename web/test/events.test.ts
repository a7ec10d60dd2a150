import assert from "node:assert/strict";
import { test } from "node:test";

import { EventParser } from "../src/api/sse";
import { parseEvent } from "../src/model/parse";
import { Series } from "../src/model/series";

const STREAM = ': imqttd\n\nid: 1\nevent: at\ndata: {"a":1}\n\nevent: ping\ndata: {}\n\n';

test("a stream gives the same events however it is cut", () => {
    for (let cut = 0; cut <= STREAM.length; cut++) {
        const parser = new EventParser();
        const found = [...parser.push(STREAM.slice(0, cut)), ...parser.push(STREAM.slice(cut))];
        assert.deepEqual(found, [
            { event: "at", data: '{"a":1}' },
            { event: "ping", data: "{}" },
        ]);
    }
});

test("a line without end is not kept for ever", () => {
    const parser = new EventParser();
    const piece = "x".repeat(1 << 20);
    for (let i = 0; i < 6; i++) parser.push(piece);
    assert.equal(parser.tooLong, 1);
    assert.equal(parser.push('\n\ndata: {"b":2}\n\n').length, 1);
});

test("what has not the form of an event is told as unreadable", () => {
    const bad = [
        "no json",
        "null",
        "[]",
        "7",
        '{"kind":"at"}',
        '{"t_ms":1,"kind":"at","dir":"host","text":"x"}',
        '{"t_ms":1,"kind":"at","dir":"up","text":"x","hex":"41"}',
        '{"t_ms":1,"kind":"at","dir":"host","text":"x","hex":"4"}',
        '{"t_ms":"1","kind":"news","what":"x"}',
        '{"t_ms":1e999,"kind":"news","what":"x"}',
        '{"t_ms":1,"kind":"news","what":{"toString":1}}',
        '{"t_ms":1,"kind":"mqtt","dir":"in","packet":7}',
        '{"t_ms":1,"kind":"fault","what":"added","name":"x"}',
        '{"t_ms":1,"kind":"__proto__"}',
    ];
    for (const data of bad) {
        assert.deepEqual(parseEvent(data, 42), { kind: "malformed", t_ms: 42, text: data });
    }
    assert.equal((parseEvent("x".repeat(9999), 0) as { text: string }).text.length, 200);
    const good = '{"t_ms":1.5,"modem":"m","kind":"at","dir":"host","hex":"41","text":"A"}';
    assert.deepEqual(parseEvent(good, 0), JSON.parse(good));
});

test("seconds count messages, bytes and how long acknowledgements took", () => {
    const series = new Series();
    const same = { modem: "m" } as const;
    series.take({ ...same, t_ms: 5100, kind: "news", what: "published", qos: 1, took_ms: 10, result: 0 });
    series.take({ ...same, t_ms: 5900, kind: "news", what: "published", qos: 1, took_ms: 30, result: 0 });
    series.take({ ...same, t_ms: 5901, kind: "news", what: "published", qos: 0, took_ms: 0, result: 0 });
    series.take({ ...same, t_ms: 5902, kind: "news", what: "published", qos: 1, took_ms: 99, result: 1 });
    series.take({ ...same, t_ms: 6100, kind: "news", what: "received", qos: 1, bytes: 7 });
    series.take({ ...same, t_ms: 6100, kind: "mqtt", dir: "in", packet: "PUBLISH", bytes: 7 });
    series.sees(1_003_500);
    series.sightEnds(1_007_900);
    series.sees(1_009_100);
    const columns = series.columns(7500, 1_000_000);
    assert.deepEqual(columns.x.slice(-2), [1005, 1006]);
    assert.deepEqual(columns.out.slice(-5), [null, 0, 0, 3, 0]); // before the first nobody looked
    assert.deepEqual(series.columns(11_000, 1_000_000).out.slice(-5), [0, 0, null, 0, 0]);
    assert.deepEqual(columns.in.slice(-2), [0, 1]);
    assert.deepEqual(columns.bytesIn.slice(-2), [0, 7]);
    assert.deepEqual(columns.tookMean.slice(-2), [20, null]);
    assert.deepEqual(columns.tookMax.slice(-2), [30, null]);
    assert.deepEqual(series.columns(1e9, 0).out.filter(Boolean), []); // long ago
});
