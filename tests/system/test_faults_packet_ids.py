"""More messages through one session than there are packet ids."""

import concurrent.futures
import re
import threading

import pytest

from cutting_proxy import CuttingProxy, kind_of
from scripted_server import DISCONNECT, PUBACK, PUBLISH, ScriptedServer, packet

MESSAGES = 70_000
WITHIN_S = 300


def publish_many(host, topic):
    """(packet id, status) of each report, in order."""
    host.type(f"AT+IMQTTPUB={topic},1,x\r".encode() * MESSAGES, WITHIN_S)
    output = host.expect_all(b"\r\n+IMQTTPUB:", MESSAGES, WITHIN_S)
    host.send("AT")  # its answer comes behind the last report
    output += host.expect(rb"\A(.*)\r\nOK\r\n\Z")[1]
    assert output.count(b"\r\nOK\r\n") == MESSAGES
    reports = re.findall(rb"\r\n\+IMQTTPUB:(\d+),(\d)\r\n", output)
    assert len(reports) == MESSAGES
    return [(int(packet_id), int(status)) for packet_id, status in reports]


def id_of_publish(packet):
    topic_bytes = int.from_bytes(packet[2:4], "big")
    return int.from_bytes(packet[4 + topic_bytes : 6 + topic_bytes], "big")


@pytest.fixture
def watched_proxy(mosquitto):
    """Knows the packet ids that passed, and checks that none was in use."""
    ids, reused, in_use = [], [], set()

    def note(way, packet):
        if kind_of(packet) == PUBLISH:
            ids.append(id_of_publish(packet))
            if ids[-1] in in_use:
                reused.append(ids[-1])
            in_use.add(ids[-1])
        elif kind_of(packet) == PUBACK:
            in_use.discard(int.from_bytes(packet[2:], "big"))

    between = CuttingProxy(mosquitto, note)
    between.ids, between.reused = ids, reused
    yield between
    between.close()


def test_packet_ids_begin_again(host, watched_proxy, client_id):
    host.connect(watched_proxy, client_id=client_id)
    reports = publish_many(host, client_id)
    ids = watched_proxy.ids
    assert reports == [(packet_id, 0) for packet_id in ids]
    assert watched_proxy.reused == []
    assert set(ids) == set(range(1, 65536))


def acknowledge_all_but_the_first(server, all_reported, all_acknowledged):
    """Until the modem says goodbye; then the ids that came. The first is acknowledged when it has been
    reported, like all others."""
    line, ids = server.accept(), []
    line.welcome()

    def acknowledge(packet_id):
        line.send(packet(PUBACK, packet_id.to_bytes(2, "big")))

    while (message := line.packet())[0] != DISCONNECT:
        ids.append(id_of_publish(message))
        if len(ids) > 1:
            acknowledge(ids[-1])
        if len(ids) == MESSAGES:
            assert all_reported.wait(WITHIN_S)
            acknowledge(ids[0])
            all_acknowledged.set()
    return ids


def test_a_packet_id_that_stays_in_use_is_left_out(host, client_id):
    """Its message is reported 1; what comes for it much later is not reported again."""
    server, all_reported, all_acknowledged = ScriptedServer(), threading.Event(), threading.Event()
    host.configure(server, client_id=client_id)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        broker = pool.submit(
            acknowledge_all_but_the_first, server, all_reported, all_acknowledged
        )
        host.connect()
        reports = publish_many(host, client_id)
        all_reported.set()
        assert all_acknowledged.wait(WITHIN_S)
        host.command("AT+IMQTTDISCONN")
        host.expect(r"\A\r\n\+IMQTTCONN:-1\r\n\Z")
        ids = broker.result()
    assert ids.count(ids[0]) == 1
    assert set(ids) == set(range(1, 65536))
    assert sorted(reports) == sorted([(ids[0], 1), *((packet_id, 0) for packet_id in ids[1:])])
    server.close()
