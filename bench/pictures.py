"""Pictures for docs/performance.md: SVG by gnuplot."""

import dataclasses
import pathlib
import subprocess
import tempfile

SAMPLES = 200  # of a distribution's curve


@dataclasses.dataclass(frozen=True)
class Curves:
    """{name: [(x, y)]} with what the axes are called."""

    x: str
    y: str
    curves: dict
    logscale: str = ""
    steps: bool = False

    @classmethod
    def distribution(cls, unit, samples):
        """For each name, which part of its samples is below x."""
        return cls(unit, "part of all", {name: _cumulated(all_) for name, all_ in samples.items()},
                   logscale="x", steps=True)

    def draw(self, path):
        """Nothing where there are no points."""
        with tempfile.TemporaryDirectory() as folder:
            plots = []
            drawable = [(name, points) for name, points in self.curves.items() if points]
            for number, (name, points) in enumerate(drawable):
                data = pathlib.Path(folder) / str(number)
                data.write_text("".join(f"{x} {y}\n" for x, y in points))
                style = "steps" if self.steps else "linespoints pointtype 7 pointsize 0.5"
                plots.append(f"'{data}' title '{name}' with {style} linewidth 2")
            if plots:
                _gnuplot(self._settings(path) + "plot " + ", ".join(plots) + "\n")

    def _settings(self, path):
        return (
            "set terminal svg size 720,420 font 'sans-serif,13' background '#ffffff'\n"
            f"set output '{path}'\nset xlabel '{self.x}'\nset ylabel '{self.y}'\n"
            "set key outside below\nset grid linecolor '#dddddd'\nset border 3\n"
            "set tics nomirror\nset encoding utf8\nset yrange [0:]\n"
            + (f"set logscale {self.logscale}\n" if self.logscale else "")
        )


def _cumulated(samples):
    ordered = sorted(samples)
    last = len(ordered) - 1
    places = sorted({round(last * i / SAMPLES) for i in range(SAMPLES + 1)})
    return [(ordered[place], (place + 1) / len(ordered)) for place in places]


def _gnuplot(script):
    subprocess.run(["gnuplot"], input=script, text=True, check=True)
