"""Whoever watches modems, in every way there is, and sees no secret of theirs."""

import json
import subprocess

import pytest

from control import Control
from eavesdropper import seen_of
from host import FINAL
from modem import PROGRAM
from processes import Process

IMQTTCTL = PROGRAM.parent / "imqttctl"
CANARY = "canary-and-more-7f3a"
PIECES = [piece.encode() for piece in ("canary", "7f3a")]
PIECES += [piece.hex().encode() for piece in PIECES]

END = "+CCID: "  # what is typed last is answered so

TYPED = [
    f'AT+IMQTTUSER=me,"{CANARY}"',
    f"at+imqttuser = me,{CANARY}",
    f"AT+IMQTTUSER=me,{CANARY};{CANARY}",
    f'AT+IMQTTUSER=me,"\x01{CANARY}"',
    f"AT+IMQTTUSER=me,{CANARY * 400}",
    f'AT+CSQ;+IMQTTUSER=me,"{CANARY}"',
    f'AT+IMQTTUX\bSER=me,"{CANARY}"',
    f"AT+IMQTTAUTH=pk,dn,{CANARY}",
    f"AT+IMQTTDYNREG=0,1,pk,dn,{CANARY}",
    f"AT+IMQTTDYNREG=0,3,pk,dn,{CANARY}",
    "AT+IMQTTUSER?", "AT+IMQTTAUTH?", "AT+IMQTTDYNREG?", "AT+IMQTTDYNREG=2", "AT&V",
]
TYPED_ELSEWHERE = {
    "qmt": [
        f'AT+QMTCFG="aliauth",0,"pk","dn","{CANARY}"',
        'AT+QMTCFG="aliauth",0',
        f'AT+QMTCONN=0,"id","me","{CANARY}"',
        f'AT+QICSGP=1,1,"apn","me","{CANARY}",1',
        f"  at+csq;+qmtcfg=aliauth,1,pk,dn,{CANARY}",
        "AT&V",
    ],
    "ica": [
        f"AT+IMQTTPARA=USER,me,PASSWORD,{CANARY}",
        f'at+imqttpara = "password" , "{CANARY}"',
        f'AT+IMQTTAUTH="pk","dn","{CANARY}"',
        "AT+IMQTTPARA?", "AT+IMQTTAUTH?", "AT&V",
    ],
    "cmqtt": [
        f'AT+CSSLCFG="password",0,"{CANARY}"',
        "AT+CSSLCFG=0", "AT+CSSLCFG?",
        "AT+CMQTTSTART",
        'AT+CMQTTACCQ=0,"id"',
        f'AT+CMQTTCFG="aliauth",0,"pk","dn","{CANARY}"',
        f"at+cmqttcfg=aliauth,0,pk,dn,{CANARY}",
        f'AT+CMQTTCONNECT=0,"tcp://127.0.0.1:1",60,1,"me","{CANARY}"',
        "AT&V",
    ],
    "sm": [
        f'AT+SMCONF="PASSWORD","{CANARY}"',
        f"AT+SMCONF=PASSWORD,{CANARY}",
        f'AT+CSSLCFG="convert",1,"c.pem","k.pem","{CANARY}"',
        f'AT+CNCFG=0,1,"apn","me","{CANARY}",3',
        "AT+SMCONF?", "AT+CNCFG?", "AT&V",
    ],
    "esp": [
        f'AT+MQTTUSERCFG=0,1,"id","me","{CANARY}",0,0,""',
        f'AT+MQTTPASSWORD=0,"{CANARY}"',
        f'AT+CWJAP="net","{CANARY}"',
        f'AT+CWJAP_DEF="net","{CANARY}"',
        "AT+CWJAP?", "AT&V",
    ],
}
# Of the module itself, in whatever dialect: refused, and a secret.
TYPED_ANYWHERE = [f'AT+CPIN="{CANARY}"', f'AT+CGAUTH=1,1,"me","{CANARY}"']
KIND = "PRIVATE KEY-----\n"
KEY = f"-----BEGIN {KIND}{CANARY}\n{CANARY}\n-----END {KIND}"


class Watched:
    """A modem, one of each other dialect, and all who watch: files, streams, and who asks."""

    def __init__(self, start_imqttd, folder):
        self.folder = folder
        (folder / "preset").write_text(f"AT+IMQTTUSER=me,{CANARY}\n")
        (folder / "preset").chmod(0o600)
        (folder / "bench.conf").write_text(
            f"[imqttd]\nlog = debug\ncontrol = {folder}/control\ntrace = {folder}/trace.jsonl\n"
            f"[defaults]\nboot-urcs = no\n"
            f"[modem meter]\npty = {folder}/meter\npreset-file = {folder}/preset\n"
            + "".join(f"[modem {name}]\npty = {folder}/{name}\ndialect = {name}\n"
                      for name in TYPED_ELSEWHERE)
        )
        self.daemon = start_imqttd("--config", folder / "bench.conf", boot_urcs=True)
        self.daemon.ready_pty(folder / list(TYPED_ELSEWHERE)[-1])
        self.control = Control(folder / "control")
        self.events, self.heard = self.control.events(), []
        self.tracer = self._follow("trace", "--pcapng", folder / "uart.pcapng")
        self.tracer.line("tracing")
        self.recorder = self._follow("record", "meter", "/dev/stdout")
        self.recorder.line("imqtt_recording")

    def _follow(self, *words):
        return Process(str(IMQTTCTL), "-s", str(self.folder / "control"), *map(str, words))

    def host(self, name):
        return self.daemon.pty_host(self.folder / name)

    def hear(self, **wanted):
        """All events up to one that has this."""
        while True:
            self.heard.append(self.events.next())
            if all(value in str(self.heard[-1].get(key, "")) for key, value in wanted.items()):
                return self.heard[-1]

    def streams(self):
        """What was told by the time a modem said that, and stands in files when all have ended."""
        self.hear(modem="meter", dir="modem", text=END)
        self.tracer.line("meter < ", END)
        self.recorder.line(END)
        for follower in (self.tracer, self.recorder):
            assert follower.terminate() == 0
        names = ("trace.jsonl", "uart.pcapng")
        asked = self._asked()
        self.daemon.stop()
        return {
            "events": json.dumps(self.heard).encode(),
            "tracer": "\n".join(self.tracer.output).encode(),
            "recording": "\n".join(self.recorder.output).encode(),
            **{name: (self.folder / name).read_bytes() for name in names},
            **asked,
        }

    def _asked(self):
        names = ("meter", *TYPED_ELSEWHERE)
        paths = ("/v1/modems", *(f"/v1/modems/{name}" for name in names),
                 *(f"/v1/modems/{name}/report" for name in names), "/metrics")
        printed = subprocess.run(
            [PROGRAM, "--config", self.folder / "bench.conf", "--print-config"],
            capture_output=True, check=True,
        )
        return {
            **{path: self.control.raw("GET", path).body for path in paths},
            "log and /proc": seen_of(self.daemon).encode(),
            "the configuration": printed.stdout + printed.stderr,
        }


@pytest.fixture
def watched(start_imqttd, tmp_path):
    return Watched(start_imqttd, tmp_path)


def type_lines(host, lines):
    for line in lines:
        host.type(line.encode() + b"\r")
        host.expect(FINAL)


def type_as_data(host, line, prompt, data):
    host.send(line)
    host.expect(prompt)
    host.type(data.encode())
    host.expect(FINAL)


def type_in_two_pieces(watched, host, line):
    """The second when the first, and its echo, have been told."""
    middle = line.index(CANARY) + 5
    host.type(line[:middle].encode())
    watched.hear(modem="meter", dir="host", text="*****")
    host.type(line[middle:].encode() + b"\r")
    host.expect(FINAL)


def test_no_secret_is_seen_by_who_watches(watched):
    others = {name: watched.host(name) for name in TYPED_ELSEWHERE}
    for name, lines in TYPED_ELSEWHERE.items():
        type_lines(others[name], lines)
        others[name].type(b"A/")
        others[name].expect(FINAL)
        type_lines(others[name], TYPED_ANYWHERE)
    type_as_data(others["qmt"], f'AT+QFUPL="key.pem",{len(KEY)}', rb"CONNECT\r\n", KEY)
    type_as_data(others["esp"], f"AT+MQTTLONGPASSWORD=0,{len(CANARY)}", rb">", CANARY)
    meter = watched.host("meter")
    type_lines(meter, TYPED[:1])
    meter.type(b"A/")
    meter.expect(FINAL)
    watched.hear(modem="meter", dir="host", text="A/")
    type_in_two_pieces(watched, meter, TYPED[0])
    type_lines(meter, TYPED[1:])
    type_lines(meter, ["AT+CCID"])
    seen = watched.streams()
    assert {where for where, bytes in seen.items() for piece in PIECES if piece in bytes} == set()
    for where in ("events", "recording", "trace.jsonl"):
        assert b'"starred":' in seen[where], where
    assert b"***" in seen["tracer"] and b"****" in seen["uart.pcapng"]


# ---- who begins to watch in the middle of a secret ------------------------------------------------


class Late:
    """A modem, and who watches it from now on."""

    def __init__(self, start_imqttd, folder, dialect):
        self.daemon = start_imqttd("--pty", folder / "meter", "--control", folder / "control",
                                   "--dialect", dialect, boot_urcs=True)
        self.daemon.ready_pty(folder / "meter")
        self.host = self.daemon.pty_host(folder / "meter")
        self.host.send("ATI")
        self.host.expect(FINAL)
        self.control = Control(folder / "control")

    def watch(self):
        self.events = self.control.events("?kinds=at")

    def lines(self):
        """What each side said, up to the answer to a command that is asked now."""
        self.host.send("AT+CCID")
        self.host.expect(FINAL)
        told = {"host": b"", "modem": b""}
        while END.encode() not in told["modem"]:
            event = self.events.until(kind="at")
            told[event["dir"]] += bytes.fromhex(event["hex"])
        return told


@pytest.mark.parametrize("echo", [0, 1])
def test_a_trace_that_begins_within_a_line(start_imqttd, tmp_path, echo):
    late = Late(start_imqttd, tmp_path, "imqtt")
    late.host.send(f"ATE{echo}")
    late.host.expect(FINAL)
    late.host.type(b"ATI\rAT+IMQTTUSER=me,")
    late.host.expect(FINAL)
    if echo:
        late.host.expect(rb"USER=me,")
    late.watch()
    late.host.type(CANARY.encode() + b"\r")
    late.host.expect(FINAL)
    told = late.lines()
    assert not any(piece in said for said in told.values() for piece in PIECES)
    assert told["host"].endswith(b"AT+CCID\r")


def test_a_trace_that_begins_within_a_key(start_imqttd, tmp_path):
    late = Late(start_imqttd, tmp_path, "qmt")
    late.host.send(f'AT+QFUPL="key.pem",{len(KEY)}')
    late.host.expect(rb"CONNECT\r\n")
    late.host.type(KEY[:40].encode())
    assert late.control.get("/v1/modems/meter")["awaits_data"]
    late.watch()
    late.host.type(KEY[40:].encode())
    late.host.expect(FINAL)
    told = late.lines()
    assert not any(piece in said for said in told.values() for piece in PIECES)
    assert told["host"].endswith(b"AT+CCID\r")


@pytest.mark.parametrize("fault", [
    {"type": "garble", "attributes": {"share": 0.05}},
    {"type": "drop", "attributes": {"share": 0.05}},
    {"type": "urc", "attributes": {"text": "+CMTI: 1", "at": "echo"}},
])
def test_an_echo_that_a_fault_has_spoilt(start_imqttd, tmp_path, fault):
    late = Late(start_imqttd, tmp_path, "imqtt")
    late.control.post("/v1/modems/meter/faults",
                      {"name": "noise", "link": "uart", "stream": "down", "seed": 3, **fault})
    late.watch()
    for _ in range(20):
        late.host.type(f"AT+IMQTTUSER=me,{CANARY}\rAT+IMQTTAUTH=pk,dn,{CANARY}\r".encode())
        late.host.type(b"AT+IMQTTAUTH?\r")
    assert late.control.ask("DELETE", "/v1/modems/meter/faults/noise").status == 200
    told = late.lines()
    assert not any(piece in said for said in told.values() for piece in PIECES)
    assert told["host"].count(b"AT+IMQTTAUTH=pk,dn,***") == 20
