"""A modem whose faults a test turns on and off: on any kind of terminal, at a broker by TCP or TLS."""

import os
import socket
import tty

from cable import Cable
from control import Control
from host import FileLine, PtyLine, SocketLine, TcpLine

TERMINALS = ["pty", "serial", "tcp", "unix", "stdio"]


class FaultBench:
    """host, control, and the name of the modem."""

    def __init__(self, start_imqttd, folder, terminal="pty", settings=()):
        self._start, self._folder = start_imqttd, folder
        self.cable = Cable(folder) if terminal == "serial" else None
        self._settings = settings
        line = getattr(self, f"_on_{terminal}")()
        self.host = self.modem.adopt(line)
        self.host.urc("RDY")
        self.host.urc(r"\+CPIN: READY")
        self.control = Control(folder / "control")
        (self.name,) = (one["name"] for one in self.control.get("/v1/modems")["modems"])

    def _begin(self, where, **options):
        config = self._folder / "bench.conf"
        config.write_text(
            "\n".join([f"[imqttd]\ncontrol = {self._folder}/control", f"[modem m]\n{where}",
                       "boot-urcs = yes\necho = no", *self._settings, ""])
        )
        self.modem = self._start("--config", config, boot_urcs=True, **options)

    def _on_pty(self):
        self._begin(f"pty = {self._folder}/m")
        self.modem.ready_pty(self._folder / "m")
        return PtyLine(self._folder / "m")

    def _on_serial(self):
        self._begin(f"serial = {self.cable.modem_end}")
        return PtyLine(self.cable.host_end)

    def _on_tcp(self):
        self._begin("tcp = 127.0.0.1:0")
        return TcpLine(self.modem.ready_tcp())

    def _on_unix(self):
        self._begin(f"unix = {self._folder}/m")
        self.modem.process.line("ready unix")
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(self._folder / "m"))
        return SocketLine(client)

    def _on_stdio(self):
        """A person's: its input and output are a terminal; its messages still go to the test."""
        ours, modems = os.openpty()
        tty.setraw(modems)
        self._begin(
            "stdio =", within=("bash", "-c", f'exec "$0" "$@" <&{modems} >&{modems}'),
            pass_fds=[modems],
        )
        os.close(modems)
        return FileLine(ours)

    def close(self):
        if self.cable:
            self.cable.close()

    def fault(self, type, when=None, link="uart", **attributes):
        """Its attributes and, among them, what all faults may have; as the daemon shows it."""
        body = {"type": type, "link": link}
        for key in "name", "stream", "seed", "count", "toxicity", "ttl_ms":
            if key in attributes:
                body[key] = attributes.pop(key)
        body["attributes"] = attributes
        if when:
            body["when"] = {"command": when}
        return self.control.post(f"/v1/modems/{self.name}/faults", body)

    def broker_fault(self, type, **attributes):
        return self.fault(type, link="broker", **attributes)

    def faults(self):
        return self.control.get(f"/v1/modems/{self.name}/faults")["faults"]

    def reset(self):
        self.control.post("/v1/reset")

    def power_cycle(self):
        self.control.post(f"/v1/modems/{self.name}/power", {"action": "cycle"})
        self.host.urc("RDY")
        self.host.urc(r"\+CPIN: READY")

    def cut(self):
        """The connection; the broker sees a reset."""
        self.control.post(f"/v1/modems/{self.name}/link", {"action": "cut"})
        self.host.urc(r"\+IMQTTCONN:-1")

    def events(self, kinds):
        return self.control.events(f"?name={self.name}&kinds={kinds}")
