"""The plugin, used as its users do: by tests of a host."""

import os
import socket
import tty

import pytest

from pytest_imqtt.control import Refused


class Host:
    """A host that types lines."""

    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.fd)

    def type(self, line):
        os.write(self.fd, line.encode() + b"\r")

    def hear(self, wanted):
        heard = b""
        while wanted.encode() not in heard:
            heard += os.read(self.fd, 4096)
        return heard.decode()


@pytest.fixture
def host(modem):
    host = Host(modem.path)
    yield host
    os.close(host.fd)


def connect(host, port=1883):
    host.type(f'AT+IMQTTMODE=2,{int(port == 8883)}')
    host.hear("OK")
    host.type(f'AT+IMQTTADDR=broker.example.com,{port},"dev"')
    host.hear("OK")
    host.type("AT+IMQTTCONN")
    host.hear("+IMQTTCONN:0")


@pytest.mark.parametrize("port", [1883, 8883])
def test_every_address_leads_to_the_broker(modem, host, broker, port):
    socket.create_connection((broker.host, broker.port)).close()
    connect(host, port)
    assert modem.state()["connection"]["tls"] is (port == 8883)


def test_lines_are_expected_in_order(modem, host):
    host.type("AT+CSQ")
    host.type("AT+CREG?")
    assert modem.expect_at("at+csq", within=5) == "AT+CSQ"
    assert modem.expect_at("AT+CREG*", within=5) == "AT+CREG?"
    with pytest.raises(AssertionError, match=r"(?s)no AT\+CSQ within.*> AT\+CREG\?"):
        modem.expect_at("AT+CSQ", within=0.1)
    modem.expect_not("AT*", seconds=0.1)


def test_faults_strike(modem, host):
    connect(host)
    fault = modem.fault("refuse", link="broker", stage="connack", code=5, count=1)
    assert fault["attributes"] == {"stage": "connack", "code": 5}
    modem.link("cut")
    host.hear("+IMQTTCONN:-1")
    host.type("AT+IMQTTCONN")
    host.hear("+IMQTTCONN:-1")


def test_the_next_test_has_a_good_modem(modem):
    assert (modem.state()["faults"], modem.state()["connected"]) == ([], False)


def test_the_radio_and_the_power(modem, host):
    assert modem.radio(signal=5, registered="denied")["signal"] == 5
    host.type("AT+CSQ")
    host.hear("+CSQ: 5,99")
    assert modem.power("off")["powered"] is False


def test_what_is_refused_is_told(modem):
    with pytest.raises(Refused):
        modem.fault("drop", link="uart", share=1.5)
    with pytest.raises(Refused, match="connect"):
        modem.link("cut")


SCENARIO = """name: s
version: 1
timeout: 10s
steps:
  - expect-at: {command: AT+CSQ, within: WITHIN}
"""

MARKED = """
import os, pytest, tty

@pytest.mark.imqtt_scenario("s.yaml")
def test_marked(modem):
    fd = os.open(modem.path, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(fd)
    os.write(fd, b"LINE\\r")
    while b"OK" not in os.read(fd, 4096):
        pass
    modem.expect_at("AT+C*", within=5)
"""


@pytest.mark.parametrize("line, passes", [("AT+CSQ", True), ("AT+CREG?", False)])
def test_a_scenario_plays_beside_the_test_and_fails_it(pytester, line, passes):
    pytester.makefile(".yaml", s=SCENARIO.replace("WITHIN", "5s" if passes else "300ms"))
    pytester.makepyfile(MARKED.replace("LINE", line))
    result = pytester.runpytest_subprocess("-p", "pytest_imqtt.plugin", "--imqtt-record", "kept")
    result.assert_outcomes(passed=1, errors=0 if passes else 1)
    kept = [path.name for path in (pytester.path / "kept").iterdir()]
    assert kept == ([] if passes else ["test_marked.jsonl"])


def test_seeds_are_given_to_faults(pytester):
    pytester.makepyfile(
        """
        def test_it(modem):
            assert modem.fault("stall", link="broker")["seed"] == 12
            assert modem.fault("stall", link="broker", seed=3)["seed"] == 3
        """
    )
    result = pytester.runpytest_subprocess("-p", "pytest_imqtt.plugin", "--imqtt-seed", "12")
    result.assert_outcomes(passed=1)
