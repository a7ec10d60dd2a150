// Times as they are read.

const two = (number: number) => String(number).padStart(2, "0");

// 21:04:05.123, of the browser's time zone.
export function clock(unix_ms: number): string {
    const date = new Date(unix_ms);
    const ms = String(date.getMilliseconds()).padStart(3, "0");
    return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

// 12.345: seconds since the program started, as in recordings.
export const seconds = (t_ms: number) => (t_ms / 1000).toFixed(3);

// +0.3 ms, +12 ms, +1.204 s, +3:05
export function difference(ms: number): string {
    if (ms < 10) return `+${ms.toFixed(1)} ms`;
    if (ms < 1000) return `+${Math.round(ms)} ms`;
    if (ms < 60_000) return `+${(ms / 1000).toFixed(3)} s`;
    return `+${Math.floor(ms / 60_000)}:${two(Math.floor(ms / 1000) % 60)}`;
}

// 45 s, 3 min, 2 h 5 min
export function lasting(ms: number): string {
    const s = Math.floor(ms / 1000);
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min`;
    return `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
}
