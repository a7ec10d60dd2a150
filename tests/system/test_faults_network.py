"""Networks that lose packets, refuse, or reset: nftables between two network namespaces."""

import errno

import pytest

from island import BROKER, OTHERS
from processes import DEADLINE_S

LOST, ONE_WAY, WAITING, MENDED, FORGOTTEN, HOLE, GOODBYE = OTHERS

KEEP_ALIVE_S = 60  # the shortest there is
FOUND_WITHIN_S = KEEP_ALIVE_S + 3 + 5 + DEADLINE_S  # PINGREQ, TIMEOUT, the manual's grace


@pytest.fixture
def start_island_host(start_host, island, far_mosquitto):
    def start(address=BROKER, client_id=None, clean=0):
        host = start_host(within=island.modem.within)
        host.command(f"AT+IMQTTPARA=TIMEOUT,1,CLEAN,{clean},KEEPALIVE,{KEEP_ALIVE_S}")
        host.command(f"AT+IMQTTADDR={address},{far_mosquitto.port},{client_id or host.link.name}")
        return host

    return start


def is_found_by_keep_alive(host):
    host.urc(r"\+IMQTTCONN:-1", within_s=FOUND_WITHIN_S)
    assert host.failure()[0] == "keepalive"


def test_a_half_open_connection_is_found_by_keep_alive(island, start_island_host, client_id):
    """Three at a time: an idle one, one that is lost one way only, one with unanswered messages."""
    idle, deaf, waiting, far = map(start_island_host, (LOST, ONE_WAY, WAITING, BROKER))
    for host in (idle, deaf, waiting, far):
        host.connect()
    far.subscribe(client_id, 1)
    for address in (LOST, WAITING):
        island.fault("lost", address)
        island.fault("lost", address, at=island.modem)
    island.fault("lost", ONE_WAY, at=island.modem)
    for qos in (1, 2):
        waiting.command(f"AT+IMQTTPUB={client_id},{qos},kept {qos}")
        waiting.urc(r"\+IMQTTPUB:\d+,1")
    for host in (idle, deaf, waiting):
        is_found_by_keep_alive(host)
        assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:0"]
    assert island.broker.lost_packets() > 0 and island.modem.lost_packets() > 0
    island.mend(WAITING)
    waiting.connect()
    assert [far.received()[2] for _ in range(2)] == [b"kept 1", b"kept 2"]


def test_a_gap_shorter_than_keep_alive_is_survived(island, start_island_host, client_id):
    host, far = start_island_host(MENDED), start_island_host()
    host.connect()
    far.connect()
    far.subscribe(client_id, 1)
    island.fault("lost", MENDED)
    host.command(f"AT+IMQTTPUB={client_id},1,late")
    packet_id, status = host.urc(r"\+IMQTTPUB:(\d+),(\d)")
    assert status == "1"
    island.mend(MENDED)
    assert far.received()[2] == b"late"
    host.command(f"AT+IMQTTPUB={client_id},1,next")
    assert host.urc(r"\+IMQTTPUB:(\d+),0") != (packet_id,)
    assert far.received()[2] == b"next"
    assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:2"]


@pytest.mark.parametrize("clean, arriving", [(0, [b"kept", b"next"]), (1, [b"next"])])
def test_a_firewall_that_has_forgotten_the_connection(
    island, start_island_host, client_id, clean, arriving
):
    """It answers the next packet with a reset."""
    host, far = start_island_host(FORGOTTEN, clean=clean), start_island_host()
    host.connect()
    far.connect()
    far.subscribe(client_id, 1)
    island.fault("cut_off", FORGOTTEN)
    host.command(f"AT+IMQTTPUB={client_id},1,kept")
    host.expect(r"\A\r\n\+IMQTTPUB:\d+,1\r\n\r\n\+IMQTTCONN:-1\r\n")
    assert host.failure()[:2] == ("peer", errno.ECONNRESET)
    assert host.fail_to_connect()[:2] == ("tcp", errno.ECONNREFUSED)
    island.mend(FORGOTTEN)
    host.connect()
    host.command(f"AT+IMQTTPUB={client_id},1,next")
    host.urc(r"\+IMQTTPUB:\d+,0")
    assert [far.received()[2] for _ in arriving] == arriving


@pytest.mark.parametrize(
    "fault, code",
    [
        ("cut_off", errno.ECONNREFUSED),
        ("unreachable", errno.EHOSTUNREACH),
        ("lost", 0),  # given up after 10 s
    ],
)
def test_a_broker_that_cannot_be_reached(island, start_island_host, fault, code):
    host = start_island_host(HOLE)
    island.fault(fault, HOLE)
    assert host.fail_to_connect()[:2] == ("tcp", code)
    island.mend(HOLE)
    host.connect()


def test_a_network_without_a_route(start_island_host):
    host = start_island_host("198.51.100.1")
    assert host.fail_to_connect()[:2] == ("tcp", errno.ENETUNREACH)


def test_disconnecting_into_nowhere(island, start_island_host):
    """The goodbye is lost, too; the host hears at once that the connection is over."""
    host = start_island_host(GOODBYE)
    host.connect()
    island.fault("lost", GOODBYE)
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")
    island.mend(GOODBYE)
    host.connect()
