"""Faults, scenarios and the live report in other makers' dialects: what they do is what they do in imqtt's
own, spelled by the dialect."""

import subprocess

import pytest

from fault_bench import FaultBench
from modem import PROGRAM
from scripted_server import ScriptedServer

CTL = PROGRAM.with_name("imqttctl")
QMT_BOOT = ("RDY", r"\+CPIN: READY", r"\+QIND: SMS DONE", r"\+QIND: PB DONE", "APP RDY")


@pytest.fixture
def qmt(start_imqttd, tmp_path):
    return FaultBench(start_imqttd, tmp_path, settings=["dialect = qmt"], boot=QMT_BOOT)


@pytest.fixture
def esp(start_imqttd, tmp_path):
    return FaultBench(start_imqttd, tmp_path, settings=["dialect = esp"], boot=("ready",))


def connect_qmt(host, broker, client_id):
    host.command(f'AT+QMTOPEN=0,"{broker.host}",{broker.port}')
    host.urc(r"\+QMTOPEN: 0,0")
    host.command(f'AT+QMTCONN=0,"{client_id}"')
    host.urc(r"\+QMTCONN: 0,0,0")


def connect_esp(host, broker, client_id):
    host.command(f'AT+MQTTUSERCFG=0,1,"{client_id}","","",0,0,""')
    host.send(f'AT+MQTTCONN=0,"{broker.host}",{broker.port},0')
    host.expect(r"\+MQTTCONNECTED:0,[^\r]*\r\n\r\nOK\r\n")


# ---- on the line ---------------------------------------------------------------------------------


def test_an_error_by_somebody_else_is_that_of_the_dialect(qmt):
    """An AT+QMT… fails with ERROR whatever AT+CMEE says, another command with its number."""
    qmt.fault("answer", when="AT+QMT*", error=3)
    qmt.fault("answer", when="AT+QFLST*", error=405)
    assert qmt.host.ask('AT+QMTOPEN=0,"127.0.0.1",1883')[1] == "ERROR"
    assert qmt.host.ask("AT+QFLST")[1] == "+CME ERROR: 405"
    qmt.reset()
    assert qmt.host.ask("AT+QFLST") == ([], "OK")


def test_a_lost_answer_of_a_command_that_ran(qmt, mosquitto, peer, client_id):
    connect_qmt(qmt.host, mosquitto, client_id)
    peer.subscribe(f"/{client_id}")
    qmt.fault("mute", when="AT+QMTPUB*")
    qmt.host.send(f'AT+QMTPUB=0,1,1,0,"/{client_id}","x"')
    qmt.host.urc(r"\+QMTPUB: 0,1,0")
    assert b"OK" not in qmt.host.pending and peer.message().payload == b"x"


def test_data_is_no_command_for_a_fault(qmt, mosquitto, client_id):
    """Up to Ctrl-Z, by count, and in a file, whose prompt is a line."""
    connect_qmt(qmt.host, mosquitto, client_id)
    qmt.fault("answer", when="AT+CSQ", error=100)
    data = b"\r\nAT+CSQ\r\nAT+CSQ\r"
    for command, end in (('AT+QMTPUB=0,1,0,0,"/a"', b"\x1a"),
                         (f'AT+QMTPUBEX=0,1,0,0,"/a",{len(data)}', b"")):
        qmt.host.send(command)
        qmt.host.expect_bytes(b"\r\n> ")
        qmt.host.type(data + end)
        qmt.host.expect(r"\r\nOK\r\n.*\+QMTPUB(EX)?: 0,1,0\r\n")
    qmt.host.send(f'AT+QFUPL="f",{len(data)}')
    qmt.host.expect_bytes(b"\r\nCONNECT\r\n")
    qmt.host.type(data)
    qmt.host.expect(rf"\r\n\+QFUPL: {len(data)},[0-9a-f]+\r\n\r\nOK\r\n")
    assert qmt.host.pending == b""


def test_data_behind_a_result_is_no_command_for_a_fault(esp, mosquitto, peer, client_id):
    connect_esp(esp.host, mosquitto, client_id)
    peer.subscribe(f"/{client_id}")
    esp.fault("answer", when="AT+GMR", error=100)
    esp.host.send(f'AT+MQTTPUBRAW=0,"/{client_id}",8,1,0')
    esp.host.expect_bytes(b"\r\nOK\r\n>")
    esp.host.type(b"AT+GMR\r\n")
    esp.host.expect_bytes(b"+MQTTPUB:OK\r\n")
    assert peer.message().payload == b"AT+GMR\r\n"
    assert esp.host.ask("AT+GMR")[1] == "ERROR"


def test_a_urc_of_somebody_elses_is_framed_as_the_dialect_does(esp):
    esp.fault("urc", when="AT", text="WIFI DISCONNECT", at="answer", count=1)
    esp.host.send("AT")
    esp.host.expect_bytes(b"WIFI DISCONNECT\r\n\r\nOK\r\n")
    esp.control.post("/v1/modems/m/urc", {"text": "+MQTTDISCONNECTED:0"})
    esp.host.expect_bytes(b"+MQTTDISCONNECTED:0\r\n")
    assert esp.host.pending == b""


def test_a_modem_that_resets_says_its_own_boot_lines(qmt):
    qmt.fault("reboot", when="AT+QMTCFG*", count=1)
    qmt.host.send('AT+QMTCFG="version",0')
    for line in QMT_BOOT:
        qmt.host.urc(line)


# ---- to the broker -------------------------------------------------------------------------------


def test_an_acknowledgement_that_never_arrives(qmt, mosquitto, client_id):
    qmt.host.command('AT+QMTCFG="timeout",0,1,0,0')
    connect_qmt(qmt.host, mosquitto, client_id)
    qmt.broker_fault("withhold", packet="PUBACK")
    qmt.host.command('AT+QMTPUB=0,9,1,0,"/a","x"')
    qmt.host.urc(r"\+QMTPUB: 0,9,2")


@pytest.mark.parametrize("stage, code", [("dns", "4"), ("tcp", "5")])
def test_a_connection_that_is_refused(qmt, mosquitto, stage, code):
    qmt.broker_fault("refuse", stage=stage)
    qmt.host.command(f'AT+QMTOPEN=0,"{mosquitto.host}",{mosquitto.port}')
    qmt.host.urc(rf"\+QMTOPEN: 0,{code}")


def test_a_login_that_is_refused(esp, mosquitto, client_id):
    esp.broker_fault("refuse", stage="connack", code=5)
    esp.host.command(f'AT+MQTTUSERCFG=0,1,"{client_id}","","",0,0,""')
    esp.host.send(f'AT+MQTTCONN=0,"{mosquitto.host}",{mosquitto.port},0')
    esp.host.expect_bytes(b"+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n")


# ---- scenarios -----------------------------------------------------------------------------------

QMT = """
- type: 'AT+QMTOPEN=0,"broker.example.com",1883'
- expect-answer: '+QMTOPEN: 0,0'
- type: 'AT+QMTCONN=0,"dev"'
- expect-answer: '+QMTCONN: 0,0,0'
- wait-state: {connected: true}
- type: 'AT+QMTSUB=0,1,"/down",1'
- expect-answer: '+QMTSUB: 0,1,0,1'
- publish: {topic: /down, payload: hello, qos: 1}
- expect-answer: '+QMTRECV: 0,*,"/down","hello"'
- type: 'AT+QMTPUB=0,7,1,0,"/up","there"'
- expect-mqtt: {topic: /up, payload: there, qos: 1}
- expect-answer: '+QMTPUB: 0,7,0'
- link: cut
- expect-answer: '+QMTSTAT: 0,1'
- wait-state: {connected: false}
- urc: '+QMTSTAT: 0,1'
- expect-answer: '+QMTSTAT: 0,1'
"""

ESP = """
- type: 'AT+MQTTUSERCFG=0,1,"dev","","",0,0,""'
- expect-answer: OK
- type: 'AT+MQTTCONN=0,"broker.example.com",1883,0'
- expect-answer: '+MQTTCONNECTED:0,1,*'
- wait-state: {connected: true}
- expect-answer: OK
- type: 'AT+MQTTSUB=0,"/down",1'
- expect-answer: OK
- publish: {topic: /down, payload: hello, qos: 1}
- expect-answer: '+MQTTSUBRECV:0,"/down",5,hello'
- type: 'AT+MQTTPUB=0,"/up","there",1,0'
- expect-mqtt: {topic: /up, payload: there, qos: 1}
- expect-answer: OK
- power: cycle
- expect-answer: ready
- radio: {registered: searching}
- type: 'AT+CWJAP="home","secret"'
- expect-answer: '+CWJAP:3'
"""


@pytest.mark.parametrize("dialect, steps", [("qmt", QMT), ("esp", ESP)])
def test_a_scenario_is_told_in_the_words_of_the_dialect(dialect, steps, tmp_path):
    file = tmp_path / "case.yaml"
    file.write_text(f"name: {dialect}\nversion: 1\ntimeout: 20s\nsteps:{steps}")
    played = subprocess.run(
        [CTL, "play", "--with-daemon", "--with-broker", "--set", f"dialect={dialect}", file],
        capture_output=True, text=True, timeout=60,
    )
    assert played.returncode == 0, played.stdout + played.stderr


# ---- the report ----------------------------------------------------------------------------------


def test_a_good_host_is_blamed_for_nothing(qmt, mosquitto, client_id):
    path = "/v1/modems/m/report"
    assert qmt.control.get(path)["findings"] == []
    connect_qmt(qmt.host, mosquitto, client_id)
    qmt.host.send('AT+QMTPUB=0,1,1,0,"/a"')
    qmt.host.expect_bytes(b"\r\n> ")
    qmt.host.type(b'{"on":"\r\nAT\r\nAT\r\n\x01\x1a')
    qmt.host.expect(r"\r\nOK\r\n.*\+QMTPUB: 0,1,0\r\n")
    qmt.host.command("AT+QMTDISC=0")
    qmt.host.urc(r"\+QMTDISC: 0,0")
    assert qmt.control.get(path)["findings"] == []


def test_who_speaks_before_the_result_is_found_in_a_dialect_that_says_busy(esp):
    path = "/v1/modems/m/report"
    server = ScriptedServer()
    assert esp.control.get(path)["findings"] == []
    esp.host.command('AT+MQTTUSERCFG=0,1,"dev","","",0,0,""')
    connect = f'AT+MQTTCONN=0,"{server.host}",{server.port},0'
    esp.host.type(f"{connect}\rAT+GMR\r".encode())
    esp.host.expect_bytes(b"busy p...\r\n")
    assert [each["rule"] for each in esp.control.get(path)["findings"]] == ["command-before-result"]
    server.close()
