import assert from "node:assert/strict";
import { test } from "node:test";

import type { AtEvent } from "../src/api/types";
import { pcapng } from "../src/files/pcapng";
import { recording } from "../src/files/recording";

const event: AtEvent = { t_ms: 900.25, modem: "m", kind: "at", dir: "host", hex: "41540d", text: "AT\\x0d" };
const unix_ms = Date.UTC(2026, 10, 26, 21, 0, 0) + 250;

test("a recording begins with its head, and counts from its first event", () => {
    const later: AtEvent = { ...event, t_ms: 1000, dir: "modem" };
    const lines = recording("m", "0.1.0", [
        { event, unix_ms },
        { event: later, unix_ms: unix_ms + 99.75 },
    ]).split("\n");
    assert.deepEqual(JSON.parse(lines[0]!), {
        ...{ imqtt_recording: 1, version: "0.1.0", modem: "m", started: "2026-11-26T21:00:00Z" },
    });
    assert.match(lines[1]!, /^\{"t_ms":0\.000,"modem":"m"/);
    assert.deepEqual(JSON.parse(lines[2]!), { ...later, t_ms: 99.75 });
    assert.deepEqual([lines.length, lines[3]], [4, ""]);
});

test("pcapng: blocks with their lengths twice, and the bytes behind the RTAC header", () => {
    const file = Buffer.concat(pcapng("met", [{ event, unix_ms }]));
    let at = 0;
    const types = [];
    while (at < file.length) {
        const length = file.readUInt32LE(at + 4);
        assert.equal(file.readUInt32LE(at + length - 4), length);
        types.push(file.readUInt32LE(at));
        at += length;
    }
    assert.deepEqual(types, [0x0a0d0d0a, 1, 6]);
    const packet = file.subarray(file.length - file.readUInt32LE(file.length - 4));
    const microseconds = BigInt(packet.readUInt32LE(12)) * 2n ** 32n + BigInt(packet.readUInt32LE(16));
    assert.equal(microseconds, BigInt(unix_ms) * 1000n);
    assert.equal(packet.readUInt32BE(28), Math.floor(unix_ms / 1000));
    assert.equal(packet[36], 1);
    assert.equal(packet.subarray(40, 43).toString(), "AT\r");
});
