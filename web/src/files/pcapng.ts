// The UART's bytes for Wireshark: pcapng with linktype 250 (RTAC serial), as imqttctl trace writes it.
import type { AtEvent } from "../api/types";
import type { Stamped } from "./recording";

const LINKTYPE_RTAC_SERIAL = 250;
const TRANSMITTED = 1; // by the host
const RECEIVED = 2;
const RTAC_HEADER_BYTES = 12;

const padded = (bytes: number) => (bytes + 3) & ~3;

// A block with room for so many bytes between its two lengths; put writes them.
function block(type: number, bytes: number, put: (view: DataView) => void): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(12 + padded(bytes));
    const view = new DataView(whole.buffer);
    view.setUint32(0, type, true);
    view.setUint32(4, whole.length, true);
    view.setUint32(whole.length - 4, whole.length, true);
    put(new DataView(whole.buffer, 8, padded(bytes)));
    return whole;
}

function section(): Uint8Array<ArrayBuffer> {
    return block(0x0a0d0d0a, 16, (view) => {
        view.setUint32(0, 0x1a2b3c4d, true);
        view.setUint16(4, 1, true);
        view.setUint32(8, 0xffffffff, true); // its length is not said
        view.setUint32(12, 0xffffffff, true);
    });
}

function interfaceNamed(name: string): Uint8Array<ArrayBuffer> {
    const bytes = new TextEncoder().encode(name);
    return block(1, 8 + 4 + padded(bytes.length) + 4, (view) => {
        view.setUint16(0, LINKTYPE_RTAC_SERIAL, true);
        view.setUint16(8, 2, true); // the option if_name
        view.setUint16(10, bytes.length, true);
        bytes.forEach((byte, i) => view.setUint8(12 + i, byte));
    });
}

function packet(event: AtEvent, unix_us: number): Uint8Array<ArrayBuffer> {
    const bytes = event.hex.length / 2;
    const whole = RTAC_HEADER_BYTES + bytes;
    return block(6, 20 + whole, (view) => {
        view.setUint32(4, Math.floor(unix_us / 2 ** 32), true);
        view.setUint32(8, unix_us % 2 ** 32, true);
        view.setUint32(12, whole, true);
        view.setUint32(16, whole, true);
        view.setUint32(20, Math.floor(unix_us / 1e6));
        view.setUint32(24, unix_us % 1e6);
        view.setUint8(28, event.dir === "host" ? TRANSMITTED : RECEIVED);
        for (let i = 0; i < bytes; i++)
            view.setUint8(32 + i, parseInt(event.hex.slice(2 * i, 2 * i + 2), 16));
    });
}

export function pcapng(modem: string, all: Stamped<AtEvent>[]): Uint8Array<ArrayBuffer>[] {
    const packets = all.map(({ event, unix_ms }) => packet(event, Math.round(unix_ms * 1000)));
    return [section(), interfaceNamed(modem), ...packets];
}
