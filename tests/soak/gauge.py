"""Whether a program's memory and descriptors stay what they are while it works."""

import asyncio
import itertools
import statistics
import time

from processes import holdings

# Of each window of the second half the peak counts, so that lulls do not look like growth.
WINDOW_S = 20
FEWEST_WINDOWS = 5
PAUSE_S = 1

# What the second half may grow by: noise of any run, and as much again a minute.
NOISE = {"resident_kib": 256, "anonymous_kib": 256, "descriptors": 8}
A_MINUTE = {"resident_kib": 64, "anonymous_kib": 64, "descriptors": 1}


class Gauge:
    def __init__(self, pid):
        self._pid = pid
        self.samples = []

    async def run(self):
        """Samples until it is cancelled."""
        while True:
            self.samples.append((time.monotonic(), holdings(self._pid)))
            await asyncio.sleep(PAUSE_S)

    def slope(self, what):
        """(growth a minute over the second half, how much of it would be too much); None when the
        half is too short to tell growth from the noise."""
        half = self.samples[len(self.samples) // 2:]
        peaks = _peaks(half, what)
        if len(peaks) < FEWEST_WINDOWS:
            return None
        minutes = (half[-1][0] - half[0][0]) / 60
        a_minute = statistics.linear_regression(*zip(*peaks)).slope * 60
        return a_minute, NOISE[what] / minutes + A_MINUTE[what]


def _peaks(samples, what):
    """The highest of each window: (when, how much)."""
    windows = itertools.groupby(samples, lambda sample: (sample[0] - samples[0][0]) // WINDOW_S)
    highest = [max(window, key=lambda sample: sample[1][what]) for _, window in windows]
    return [(at, held[what]) for at, held in highest]
