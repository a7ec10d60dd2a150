"""Reports come in time, and what came in time is in time."""

import re
import signal

import pytest

from proxy import Proxy


def let_a_timeout_pass_twice(other, proxy):
    """On another modem, by the same clock."""
    proxy.hold()
    for packet_id in (2, 3):
        other.command("AT+IMQTTPUB=unanswered,1,x")
        other.urc(rf"\+IMQTTPUB:{packet_id},1")


def test_an_answer_that_came_while_the_program_was_stopped(
    start_host, mosquitto, proxy, client_id
):
    """The PUBACK lies in the socket when the deadline is long past."""
    host, other = start_host(), start_host()
    silent = Proxy(mosquitto)
    host.connect(proxy, client_id=client_id)
    other.connect(silent, client_id=f"{client_id}other")
    proxy.hold()
    host.command(f"AT+IMQTTPUB={client_id},1,x")
    proxy.wait_for("to_modem", b"\x40\x02\x00\x02")
    host.modem.signal(signal.SIGSTOP)
    proxy.release()
    let_a_timeout_pass_twice(other, silent)
    host.modem.signal(signal.SIGCONT)
    assert host.urc(r"\+IMQTTPUB:(\d+),(\d)") == ("2", "0")
    silent.close()


@pytest.mark.parametrize("topic, payload", [("t", "x" * 500), ("/".join("t" * 204), "x")],
                         ids=["bytes", "levels"])
def test_a_publish_over_the_limit_of_the_broker_is_named(
    host, start_mosquitto, client_id, topic, payload
):
    """A kept session sends it again at each reconnect, and each dies: the modem says how to end it."""
    broker = start_mosquitto("max_packet_size 450")
    host.configure(broker, client_id=client_id, clean=0)
    host.connect()
    host.command(f"AT+IMQTTPUB={topic},1,{payload}")
    host.urc(r"\+IMQTTPUB:2,1")
    host.urc(r"\+IMQTTCONN:-1")
    for _ in range(3):
        host.connect()
        host.urc(r"\+IMQTTCONN:-1")
    assert re.match(r"message 2 of \d+ bytes ended 3 connections; .*CLEAN,1", host.failure()[2])
    host.command("AT+IMQTTPARA=CLEAN,1")
    host.connect()
    host.command(f"AT+IMQTTPUB={client_id},1,short")
    assert host.urc(r"\+IMQTTPUB:(\d+),(\d)") == ("2", "0")
