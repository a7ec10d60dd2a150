// A line over time as the path of an SVG whose view box is 100 high and as wide as there are values.

export type Values = (number | null)[];

export const HEIGHT = 100;

// The end of a scale: 1, 2 or 5 times a power of ten, at least 1.
export function scaleEnd(...all: Values[]): number {
    const max = Math.max(1, ...all.flat().map((value) => value ?? 0));
    const power = 10 ** Math.floor(Math.log10(max));
    return power * [1, 2, 5, 10].find((step) => step * power >= max)!;
}

// Where there is no value the line has a gap; a value that stands alone is a dot.
export function curve(values: Values, end: number): string {
    let path = "";
    values.forEach((value, x) => {
        if (value === null) return;
        const y = (HEIGHT * (1 - value / end)).toFixed(1);
        const goesOn = (values[x - 1] ?? null) !== null;
        path += goesOn ? `L${x} ${y}` : `M${x} ${y}h0`;
    });
    return path;
}
