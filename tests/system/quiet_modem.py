"""A modem that nobody disturbs, of a program that somebody else keeps busy: how long its AT takes.

Other work of this computer, hostile peers included, is not the modem's. Two figures are never less
than what the program took: the processor time that it used between AT and its answer, and the time
by the clock without that in which the answer waited for a processor to run this test. The smaller
one counts. `pytest -rP` prints the worst of each test.
"""

import pathlib
import time

ANSWER_S = 0.1


def waited_s():
    """How long the threads of this test were ready to run and had no processor, so far."""
    return sum(_thread_waited_ns(thread) for thread in pathlib.Path("/proc/self/task").iterdir()) / 1e9


def _thread_waited_ns(thread):
    try:
        return int((thread / "schedstat").read_text().split()[1])
    except FileNotFoundError:  # it has ended meanwhile
        return 0


class QuietModem:
    def __init__(self, modem):
        self._modem = modem
        self._host = modem.tcp_host()  # a pseudo-terminal would have the kernel's worker in between
        self._host.turn_echo_off()
        self._asked = 0
        self._worst_s = 0.0
        self._worst_elapsed_s = 0.0

    def _now(self):
        return time.monotonic(), waited_s(), self._modem.cpu_s()

    def ask(self):
        """AT once."""
        before = self._now()
        self._host.command("AT")
        elapsed_s, waited, used_s = (b - a for a, b in zip(before, self._now()))
        self._worst_s = max(self._worst_s, min(used_s, elapsed_s - waited))
        self._worst_elapsed_s = max(self._worst_elapsed_s, elapsed_s)
        self._asked += 1

    def is_answered(self, times):
        """Asks so many times more; was every answer until now in time?"""
        for _ in range(times):
            self.ask()
        print(
            f"worst of {self._asked} AT: {self._worst_s * 1000:.1f} ms, "
            f"{self._worst_elapsed_s * 1000:.1f} ms by the clock"
        )
        return self._worst_s < ANSWER_S
