"""Every type of fault through the running daemon, as the modem's host sees it, on a PTY and over TCP."""

import select
import time

import pytest

from control import Control
from host import PtyLine, TcpLine


class Bench:
    def __init__(self, host, control, name, broker):
        self.host, self.control, self.name, self.broker = host, control, name, broker

    def fault(self, type, when=None, **attributes):
        """Its attributes and, among them, what all faults may have."""
        link = "broker" if type in ("cut", "refuse", "withhold", "duplicate") else "uart"
        body = {"type": type, "link": link}
        for key in "stream", "seed", "count":
            if key in attributes:
                body[key] = attributes.pop(key)
        body["attributes"] = attributes
        if when:
            body["when"] = {"command": when}
        self.control.post(f"/v1/modems/{self.name}/faults", body)

    def reset(self):
        self.control.post("/v1/reset")

    def connect(self):
        self.host.configure(self.broker, client_id="faulty")
        self.host.command("AT+IMQTTCONN")
        self.host.urc(r"\+IMQTTCONN:0")


@pytest.fixture(params=["pty", "tcp"])
def bench(request, start_imqttd, mosquitto, tmp_path):
    config = tmp_path / "bench.conf"
    where = f"{tmp_path}/m" if request.param == "pty" else "127.0.0.1:0"
    config.write_text(
        f"[imqttd]\ncontrol = {tmp_path}/control\n"
        f"[modem m]\n{request.param} = {where}\nboot-urcs = yes\necho = no\n"
    )
    modem = start_imqttd("--config", config, boot_urcs=True)
    if request.param == "pty":
        modem.ready_pty(where)
        line = PtyLine(where)
    else:
        line = TcpLine(modem.ready_tcp())
    host = modem.adopt(line)
    host.urc("RDY")
    host.urc(r"\+CPIN: READY")
    control = Control(tmp_path / "control")
    names = [one["name"] for one in control.get("/v1/modems")["modems"]]
    return Bench(host, control, names[0], mosquitto)


def is_silent(host):
    return not select.select([host.line], [], [], 0.2)[0]


def timed(host, command):
    began = time.monotonic()
    host.command(command)
    return time.monotonic() - began


def test_latency_late_bandwidth_and_slicer_take_their_time(bench):
    for fault in (
        {"type": "latency", "stream": "down", "latency_ms": 150},
        {"type": "late", "delay_ms": 150},
        {"type": "bandwidth", "stream": "down", "bytes_per_s": 40},
        {"type": "slicer", "stream": "down", "bytes": 1, "delay_ms": 30},
    ):
        bench.fault(**fault)
        assert timed(bench.host, "AT") > 0.1, fault
        bench.reset()
        assert timed(bench.host, "AT") < 0.1, fault


def test_stall_holds_until_it_is_removed(bench):
    bench.fault("stall", stream="down")
    bench.host.send("AT")
    assert is_silent(bench.host)
    bench.reset()
    bench.host.expect(r"\r\nOK\r\n")


def test_answer_mute_and_urc_strike_their_command_alone(bench):
    host = bench.host
    bench.fault("answer", when="AT+CSQ*", error=30)
    assert host.ask("AT+CSQ")[1] == "+CME ERROR: 30"
    assert host.ask("AT")[1] == "OK"
    bench.reset()
    bench.fault("mute", when="AT+CSQ*")
    host.send("AT+CSQ")
    assert host.ask("AT") == ([], "OK")
    bench.reset()
    bench.fault("urc", when="AT+CSQ*", text="+CMTI: 1", at="answer")
    host.send("AT+CSQ")
    host.urc(r"\+CMTI: 1")
    host.expect(r"\r\nOK\r\n")
    host.pending = b""
    bench.reset()
    assert host.command("AT+CSQ") == ["+CSQ: 25,99"]


@pytest.mark.parametrize("fault", ["drop", "garble", "insert"])
def test_a_seed_gives_the_same_noise_twice(bench, fault):
    def noise():
        """Up to the answer of a command that is typed once the noise has gone through."""
        bench.fault(fault, stream="down", share=0.3, seed=7)
        bench.host.send("AT+CGMI;+CSQ")
        bench.host.wait_for_more()
        bench.reset()
        bench.host.send("AT+CMEE?")
        return bench.host.expect(rb"\A(.*?)\r\n\+CMEE: 0\r\n\r\nOK\r\n")[1]

    clean = b"".join(
        b"\r\n%s\r\n" % line.encode() for line in bench.host.command("AT+CGMI;+CSQ")
    )
    first = noise()
    assert first == noise()
    assert not first.startswith(clean)


def test_freeze_lasts_until_power(bench):
    bench.fault("freeze", when="AT+CSQ*")
    bench.host.command("AT")
    bench.host.send("AT+CSQ")
    bench.host.send("AT")
    assert is_silent(bench.host)
    bench.control.post(f"/v1/modems/{bench.name}/power", {"action": "cycle"})
    bench.host.urc("RDY")
    bench.host.urc(r"\+CPIN: READY")
    bench.host.command("AT")


def test_reboot_forgets_what_was_set(bench):
    bench.host.command("AT+CMEE=1")
    bench.fault("reboot", when="AT+CSQ*", count=1)
    bench.host.send("AT+CSQ")
    bench.host.urc("RDY")
    bench.host.urc(r"\+CPIN: READY")
    bench.reset()
    assert bench.host.command("AT+CMEE?") == ["+CMEE: 0"]


def test_cut_and_refuse_are_told_with_their_reason(bench):
    bench.connect()
    bench.fault("cut", after_bytes=0)
    bench.host.send('AT+IMQTTPUB="/a",0,"x"')
    bench.host.urc(r"\+IMQTTCONN:-1")
    bench.reset()
    for stage in "dns", "tcp", "connack":
        bench.fault("refuse", stage=stage, **({"code": 5} if stage == "connack" else {}))
        bench.host.pending = b""
        bench.host.send("AT+IMQTTCONN")
        bench.host.urc(r"\+IMQTTCONN:-1")
        bench.host.pending = b""
        assert bench.host.command("AT+IMQTTERR?")[0].startswith(f"+IMQTTERR:{stage},")
        bench.reset()
    bench.connect()


def test_withheld_answers_and_duplicates_keep_the_promises_of_qos(bench, start_peer):
    bench.connect()
    peer = start_peer(bench.broker)
    peer.subscribe("/up")
    bench.fault("withhold", packet="PUBACK")
    bench.host.command('AT+IMQTTPUB="/up",1,"one"')
    bench.host.urc(r"\+IMQTTPUB:\d+,1")
    bench.reset()
    assert peer.message().payload == b"one"
    bench.host.command('AT+IMQTTPUB="/up",2,"two"')
    bench.host.urc(r"\+IMQTTPUB:\d+,0")
    assert peer.message().payload == b"two"
    assert peer.messages.empty()
    bench.host.command('AT+IMQTTSUB="/down",1')
    bench.host.urc(r"\+IMQTTSUB:\d+,1")
    bench.fault("duplicate", packet="PUBLISH")
    peer.publish("/down", b"twice")
    for _ in range(2):
        bench.host.urc(r'\+IMQTTRCVPUB:\d+,"/down",5,"twice"')
