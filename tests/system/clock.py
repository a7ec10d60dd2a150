"""The time as one imqttd sees it, which a test can turn: libfaketime between it and the kernel."""

import os
import pathlib
import signal

from modem import RELEASE

DAY_S = 86400


def library():
    """In a folder that is called after the machine."""
    return next(str(path) for path in pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))


class Clock:
    """Its wall clock, or all its clocks. The sanitizers want to be the first library themselves, so
    it goes with the program as released: imqttd(**clock.settings)."""

    def __init__(self, folder, wall_only):
        self._offset = folder / "offset"
        self._passed_s = 0
        self._set(0)
        self.settings = {
            "program": RELEASE,
            "env": {
                **os.environ,
                "LD_PRELOAD": library(),
                "FAKETIME_TIMESTAMP_FILE": str(self._offset),
                "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1" if wall_only else "0",
            },
        }

    def _set(self, offset_s):
        self._write(f"{offset_s:+d}")

    def _write(self, offset):
        new = self._offset.with_suffix(".new")
        new.write_text(offset)
        new.replace(self._offset)

    def slow_down(self):
        """From the start: a second takes a quarter of an hour."""
        self._write("+0 x0.001")

    def turn(self, modem, offset_s):
        """So far from the real time, from now on; the modem has looked at the clock when this
        returns, or does so before anything else."""
        self._set(offset_s)
        wake(modem)

    def pass_by(self, modem, seconds):
        self._passed_s += seconds
        self.turn(modem, self._passed_s)


def wake(modem):
    """Stopped and continued, a program that waits for events looks whether it is time."""
    modem.signal(signal.SIGSTOP)
    os.waitid(os.P_PID, modem.process.child.pid, os.WSTOPPED)
    modem.signal(signal.SIGCONT)
