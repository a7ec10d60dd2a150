"""Clocks that jump: what goes by the wall clock, and what goes by the time that has passed."""

import datetime

import pytest

from clock import DAY_S
from test_tls import start_tls  # a fixture

PINGREQ = b"\xc0\x00"

# ---- the wall clock, which somebody sets


@pytest.mark.parametrize("offset_s", [DAY_S, -DAY_S])
def test_a_turned_wall_clock_ends_no_wait(
    start_host, wall_clock, proxy, client_id, offset_s
):
    """Neither the one for data, nor the keep-alive."""
    host = start_host(**wall_clock.settings)
    host.connect(proxy, client_id=client_id)
    host.send(f"AT+IMQTTPUBEX={client_id},1,0,4")
    host.expect(r"\r\n>")
    wall_clock.turn(host.modem, offset_s)
    host.type(b"data")
    host.expect(r"\A\r\nOK\r\n")
    host.urc(r"\+IMQTTPUBEX:\d+,0")
    assert PINGREQ not in proxy.to_broker


def test_the_modems_clock_goes_on_when_the_wall_clock_is_turned(start_host, wall_clock):
    host = start_host(**wall_clock.settings)

    def now():
        (line,) = host.command("AT+CCLK?")
        return datetime.datetime.strptime(line[8:25], "%y/%m/%d,%H:%M:%S")

    before = now()
    wall_clock.turn(host.modem, DAY_S)
    assert now() - before < datetime.timedelta(hours=1)
    wall_clock.turn(host.modem, -DAY_S)
    assert before <= now()


@pytest.mark.parametrize("newest", ["TLSv1.2", "TLSv1.3"])
@pytest.mark.parametrize("is_known", [False, True], ids=["first", "resumed"])
@pytest.mark.parametrize(
    "offset_s, why",
    [(60 * DAY_S, "certificate has expired"), (-60 * DAY_S, "certificate is not yet valid")],
    ids=["expired", "not yet valid"],
)
def test_certificates_are_valid_by_the_wall_clock(
    start_host, wall_clock, start_tls, good_certificate, authority, newest, is_known, offset_s, why
):
    """Also for a session that was begun when it was valid."""
    host = start_host("--tls-ca", authority.certificate, **wall_clock.settings)
    host.configure(start_tls(good_certificate, newest), tls=1)
    if is_known:
        host.connect()
        host.command("AT+IMQTTDISCONN")
        host.urc(r"\+IMQTTCONN:-1")
    wall_clock.turn(host.modem, offset_s)
    stage, _, text = host.fail_to_connect()
    assert (stage, text) == ("tls", why)
    wall_clock.turn(host.modem, 0)
    host.connect()


# ---- time that passes


def test_the_keep_alive_goes_by_passed_time(start_host, time, proxy, client_id):
    host = start_host(**time.settings)
    host.configure(proxy, client_id=client_id)
    host.command("AT+IMQTTPARA=KEEPALIVE,60")
    host.connect()
    time.pass_by(host.modem, 30)
    host.command("AT")
    assert PINGREQ not in proxy.to_broker
    time.pass_by(host.modem, 35)
    proxy.wait_for("to_broker", PINGREQ)
    host.command(f"AT+IMQTTPUB={client_id},1,answered")  # and so is the ping before
    host.urc(r"\+IMQTTPUB:\d+,0")
    proxy.hold()
    time.pass_by(host.modem, 65)
    proxy.wait_for("to_broker", b"answered" + PINGREQ)
    time.pass_by(host.modem, 10)
    host.urc(r"\+IMQTTCONN:-1")


def test_a_timeout_goes_by_passed_time(start_host, time, proxy, client_id):
    host = start_host(**time.settings)
    host.connect(proxy, client_id=client_id)
    proxy.hold()
    host.command(f"AT+IMQTTPUB={client_id},1,unanswered")
    time.pass_by(host.modem, 4)
    host.urc(r"\+IMQTTPUB:\d+,1")
    proxy.release()
