"""examples/bench.conf as it stands: three modems for hosts and a fleet of a thousand at a real broker,
and imqttctl used on it as a person would."""

import pathlib
import re
import signal
import subprocess

import pytest

from modem import RELEASE
from processes import Process
from test_imqttctl import IMQTTCTL

ROOT = pathlib.Path(__file__).parents[2]
FLEET = 1000


class Bench:
    def __init__(self, daemon, folder):
        self.daemon, self.folder, self.config = daemon, folder, folder / "bench.conf"

    def words(self, *words):
        return [str(word) for word in (IMQTTCTL, "-s", self.folder / "imqttd.control", *words)]

    def ctl(self, *words, code=0):
        ended = subprocess.run(self.words(*words), capture_output=True, text=True, timeout=60)
        assert ended.returncode == code, ended.stderr
        return ended.stdout


@pytest.fixture
def bench(start_imqttd, mosquitto, tmp_path):
    """Only where it is, and the port of the broker, are not as the file says."""
    text = (ROOT / "examples" / "bench.conf").read_text()
    assert f"count = {FLEET}\n" in text
    text = text.replace("/tmp/", f"{tmp_path}/").replace("127.0.0.1:1883", f"127.0.0.1:{mosquitto.port}")
    (tmp_path / "bench.conf").write_text(text)
    daemon = start_imqttd("--config", tmp_path / "bench.conf", boot_urcs=True, program=RELEASE)
    daemon.ready_pty(tmp_path / f"fleet-{FLEET - 1}")
    return Bench(daemon, tmp_path)


def test_a_person_works_with_it(bench, mosquitto):
    assert len(bench.ctl("list").splitlines()) == 1 + 3 + FLEET
    assert len(bench.ctl("list", "fleet-99*").splitlines()) == 1 + 11
    assert "METER-1" in bench.ctl("show", "meter")
    # a driver in the cellar has to wait for its network, until somebody carries it up
    cellar = bench.daemon.pty_host(bench.folder / "cellar")
    cellar.turn_echo_off()
    assert cellar.command("AT+CREG?") == ["+CREG: 0,2"]
    bench.ctl("radio", "cellar", "signal=20", "registered=home")
    assert cellar.command("AT+CREG?") == ["+CREG: 0,1"]
    cellar.command('AT+IMQTTADDR="broker.example",1883,"cellar"')
    tracer = Process(*bench.words("trace", "cellar"))
    tracer.line("tracing")
    cellar.connect()
    tracer.line("cellar", "CONNECT", "out")
    tracer.child.send_signal(signal.SIGINT)
    assert tracer.wait() == 0
    assert re.search(r"cellar +connected", bench.ctl("list", "cellar"))
    # power is cut: nothing is answered, and its broker does not hear from it
    bench.ctl("power", "cellar", "off")
    assert re.search(r"cellar +off", bench.ctl("list", "cellar"))
    bench.ctl("power", "cellar", "on")
    # the fleet: all type the same
    bench.daemon.pty_host(bench.folder / "fleet-7").connect()
    assert bench.ctl("list", "fleet-7").count("connected") == 1
    # one of them gets another identity, and nobody else notices
    bench.config.write_text(bench.config.read_text().replace("METER-1", "METER-2"))
    assert bench.ctl("reload").startswith(f"{FLEET + 2} unchanged, 1 changed, ")
    assert "METER-2" in bench.ctl("show", "meter")
    assert bench.ctl("list", "fleet-7").count("connected") == 1
    assert "imqtt_modems 1003\n" in bench.ctl("metrics")


def test_the_manuals_session_is_recorded_and_replayed(bench):
    """As examples/manual-standard.at has it, at the broker of this bench."""
    recorder = Process(*bench.words("record", "meter", "/dev/stdout"))
    recorder.line("imqtt_recording")
    host = bench.daemon.pty_host(bench.folder / "meter")
    for line in (ROOT / "examples" / "manual-standard.at").read_text().splitlines():
        line = re.sub(r'203\.156\.205\.55,\d+', "broker.example,1883", line)
        host.command(line)
        if line == "AT+IMQTTCONN":
            host.urc(r"\+IMQTTCONN:0")
        elif re.match(r"AT\+IMQTT(SUB|UNSUB)=", line):
            host.urc(r"\+IMQTT(?:UN)?SUB:\d+,?\d*")
        elif line.startswith("AT+IMQTTPUB"):  # it has subscribed to what it publishes
            host.urc(r"\+IMQTTPUB(?:IN)?:\d+,0")
            host.received()
        elif line == "AT+IMQTTDISCONN":
            host.urc(r"\+IMQTTCONN:-1")
    recorder.line("+IMQTTSTATE:0")
    recorder.child.send_signal(signal.SIGINT)
    assert recorder.wait() == 0
    host.close()
    recording = bench.folder / "session.jsonl"
    recording.write_text("".join(f"{line}\n" for line in recorder.output))
    assert bench.ctl("report", recording) == "nothing was found\n"
    bench.ctl("power", "meter", "cycle")
    bench.ctl("replay", recording, "--secret", "IMQTTUSER=", code=0)
