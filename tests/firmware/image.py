"""The firmware's image in QEMU: the host on its first UART, the test rig on its second.

The guest reaches this computer's loopback as GATEWAY, and by the names that the rig gives it.
"""

import os
import pathlib
import socket
import sys

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tests/system", "tests/assurance", "firmware")]

import factory  # noqa: E402
from host import Host, SocketLine  # noqa: E402
from processes import DEADLINE_S, Process  # noqa: E402

BUILD = ROOT / "build" / "firmware"
GATEWAY = "10.0.2.2"
BOARDS = ["mps2-an385", "mps2-an386", "mps2-an505"]
FACTORY_ADDRESS = {"mps2-an385": 0x310000, "mps2-an386": 0x310000, "mps2-an505": 0x10310000}


class Image:
    """host: the modem's host, echo off once ready() is called. rig: as in firmware/rig/rig.h."""

    def __init__(self, folder, board="mps2-an386", ca=None, seed=True, more=()):
        self.board = board
        listeners = [self._listen(folder / f"uart{number}") for number in (0, 1)]
        page = folder / "factory"
        authorities = ca.read_bytes() if ca else b""
        page.write_bytes(factory.page(authorities, os.urandom(factory.SEED_BYTES) if seed else None))
        self.process = Process(
            *("qemu-system-arm", "-M", board, "-display", "none", "-monitor", "none"),
            *("-serial", f"unix:{folder / 'uart0'}", "-serial", f"unix:{folder / 'uart1'}"),
            *("-nic", "user,model=lan9118"),
            *("-semihosting-config", "enable=on,target=native"),
            *("-device", f"loader,file={page},addr={FACTORY_ADDRESS[board]:#x},force-raw=on"),
            *("-kernel", str(BUILD / board / f"imqtt-{board}.elf"), *more),
        )
        self.host, self.rig = (Host(self._accepted(listener)) for listener in listeners)
        for listener in listeners:
            listener.close()
        self.host.image = self

    @staticmethod
    def _listen(path):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen(1)
        return listener

    @staticmethod
    def _accepted(listener):
        """QEMU's end of one of the guest's UARTs."""
        listener.settimeout(DEADLINE_S)
        return SocketLine(listener.accept()[0])

    def ready(self):
        """Waits until it has booted, forgets what it said before, and turns the echo off."""
        self.host.expect(r"\r\nRDY\r\n\r\n\+CPIN: READY\r\n")
        self.host.pending = b""
        self.host.turn_echo_off()
        return self.host

    def ask_rig(self, line):
        self.rig.type(line.encode() + b"\n")
        return self.rig.expect(r"\A([^\n]*)\n")[1].decode()

    def name(self, name):
        """The guest knows this computer by that name from now on."""
        assert self.ask_rig(f"name {name} {GATEWAY}") == "ok"

    def paint_stack(self):
        """What was used of it is counted from now on."""
        assert self.ask_rig("paint") == "ok"

    def figures(self):
        """{what: (used at most, of)}"""
        words = [word.partition("=") for word in self.ask_rig("figures").split()]
        return {name: tuple(map(int, value.split("/"))) for name, _, value in words}

    def reset(self):
        """As its reset line would; what is stored stays."""
        self.rig.type(b"reset\n")
        return self.ready()

    def stop(self):
        """The rig ends it, if it has not ended; the guest must have been well."""
        if self.process.child.poll() is None:
            self.rig.type(b"exit\n")
        status = self.process.wait()
        self.host.close()
        self.rig.close()
        assert status == 0, f"exit status {status}:\n" + "\n".join(self.process.output)


class At:
    """A broker of this computer, as the guest sees it."""

    def __init__(self, broker, host=GATEWAY, port=None):
        self.host, self.port = host, port or broker.port
