"""Figures: the median of some measurements, with their spread."""

import statistics


class Figure:
    """Of samples, one a round."""

    def __init__(self, samples):
        self.samples = list(samples)

    @property
    def median(self):
        return statistics.median(self.samples)

    def over(self, other):
        """Ratios, round by round: both sides were measured side by side."""
        return Figure(a / b for a, b in zip(self.samples, other.samples, strict=True))

    def times(self, factor):
        return Figure(sample * factor for sample in self.samples)

    def __str__(self):
        """median (lowest–highest)"""
        if len(set(self.samples)) == 1:
            return number(self.median)
        return f"{number(self.median)} ({number(min(self.samples))}–{number(max(self.samples))})"


def number(value):
    """Three significant digits, or all before the point."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    digits = 2 if abs(value) < 10 else 1
    text = f"{value:.{digits}f}"
    return text if float(text) != 0 else f"{value:.1g}"


def percentile(samples, percent):
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
