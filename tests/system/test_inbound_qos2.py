"""QoS 2 from a real broker to the host: exactly once, whatever happens to the connection.

The host can subscribe with QoS 0 and 1 only, but a session that another client began has its QoS 2.
"""

import pytest

from peer import Peer

PUBREC, PUBREL, PUBCOMP = 0x50, 0x62, 0x70
MANY = 100


@pytest.fixture
def subscribed(host, mosquitto, proxy, client_id):
    """A host that took a session with a QoS 2 subscription over, through the proxy."""
    before = Peer(mosquitto, client_id, clean=False)
    before.subscribe(client_id, 2)
    before.close()
    host.connect(proxy, client_id=client_id, clean=0)
    return host


def packets_in(stream):
    """(first byte, body) of each packet; all these are shorter than 128 bytes."""
    while stream:
        end = 2 + stream[1]
        yield stream[0], stream[2:end]
        stream = stream[end:]


def ids_of(stream, kind):
    return [body for first, body in packets_in(stream) if first == kind]


def numbers(host, count):
    return [int(host.received()[2]) for _ in range(count)]


def test_each_message_once_and_in_order(subscribed, proxy, peer, client_id):
    for number in range(MANY):
        peer.begin_publish(client_id, str(number), 2)
    assert numbers(subscribed, MANY) == list(range(MANY))
    peer.publish(client_id, "the end", 2)
    packet_id, topic, payload = subscribed.received()
    assert (topic, payload) == (client_id, b"the end")
    last = packet_id.to_bytes(2, "big")
    proxy.wait_for("to_broker", bytes([PUBCOMP, 2]) + last)
    recs, comps = ids_of(proxy.to_broker, PUBREC), ids_of(proxy.to_broker, PUBCOMP)
    assert len(recs) == len(comps) == MANY + 1
    assert recs == comps == ids_of(proxy.to_modem, PUBREL)
    assert subscribed.command("AT") == []


def test_there_and_back(subscribed, client_id):
    for number in range(MANY):
        subscribed.send(f"AT+IMQTTPUB={client_id},2,{number}")
    assert numbers(subscribed, MANY) == list(range(MANY))
    for _ in range(MANY):
        subscribed.urc(r"\+IMQTTPUB:\d+,0")


def test_the_line_is_lost_before_pubrel(subscribed, proxy, peer, client_id):
    """The broker says PUBREL again on the next connection, and the host hears nothing twice."""
    proxy.hold(after=1)
    peer.publish(client_id, "1", 2)
    assert numbers(subscribed, 1) == [1]
    proxy.wait_for("to_modem", bytes([PUBREL, 2]))
    proxy.cut()
    subscribed.urc(r"\+IMQTTCONN:-1")
    subscribed.connect()
    peer.publish(client_id, "2", 2)
    assert numbers(subscribed, 1) == [2]
    assert subscribed.command("AT") == []


def test_the_line_is_lost_again_and_again(subscribed, proxy, peer, client_id):
    """Behind any number of pieces from the broker: what was on its way comes, and once."""
    for number in range(20):
        proxy.hold(after=number % 4)
        peer.publish(client_id, f"{2 * number}", 2)
        peer.publish(client_id, f"{2 * number + 1}", 2)
        proxy.cut()
        subscribed.urc(r"\+IMQTTCONN:-1")
        subscribed.send("AT+IMQTTCONN")  # messages may be waiting
        subscribed.expect(r"\r\nOK\r\n")
        subscribed.urc(r"\+IMQTTCONN:0")
    assert numbers(subscribed, 40) == list(range(40))
    peer.publish(client_id, "40", 2)
    assert numbers(subscribed, 1) == [40]
    assert subscribed.command("AT") == []


def test_queued_while_away(subscribed, peer, client_id):
    subscribed.command("AT+IMQTTDISCONN")
    subscribed.urc(r"\+IMQTTCONN:-1")
    for number in range(MANY):
        peer.publish(client_id, str(number), 2)
    subscribed.connect()
    assert numbers(subscribed, MANY) == list(range(MANY))
    assert subscribed.command("AT") == []


def test_into_the_inbox(subscribed, peer, client_id):
    subscribed.command("AT+IMQTTRECVMODE=1")
    for number in range(10):
        peer.publish(client_id, str(number), 2)
        subscribed.urc(rf"\+IMQTTCOUNT: {number + 1}")
    lines = subscribed.command("AT+IMQTTRECV=10")
    assert [line.rpartition(",")[2] for line in lines] == [f'"{number}"' for number in range(10)]
