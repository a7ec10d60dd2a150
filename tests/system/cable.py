"""Two serial devices that are joined: one for the modem, one for the host."""

import os
import termios

from processes import Process

INPUT_SPEED, OUTPUT_SPEED, CONTROL = 4, 5, 2  # of termios.tcgetattr()


class Cable:
    def __init__(self, folder):
        self.modem_end, self.host_end = folder / "ttyMODEM", folder / "ttyHOST"
        self._socat = Process(
            "socat", "-d", "-d",
            f"PTY,rawer,link={self.modem_end}", f"PTY,rawer,link={self.host_end}",
        )
        self._socat.line("starting data transfer loop")
        self._modem_end = os.open(self.modem_end, os.O_RDWR | os.O_NOCTTY)

    def modem_speed(self):
        settings = termios.tcgetattr(self._modem_end)
        assert settings[INPUT_SPEED] == settings[OUTPUT_SPEED]
        return settings[OUTPUT_SPEED]

    def modem_has_rts_cts(self):
        return bool(termios.tcgetattr(self._modem_end)[CONTROL] & termios.CRTSCTS)

    def close(self):
        os.close(self._modem_end)
        self._socat.terminate()
