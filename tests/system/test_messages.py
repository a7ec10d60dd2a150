"""Messages in both directions, through a real Mosquitto, checked by an independent peer."""

import pytest

EVERY_BYTE = bytes(range(256))
LARGEST = 256 * 1024


def publish_text(host, topic, qos, payload, retained=0):
    host.command(f'AT+IMQTTPUB={topic},{qos},"{payload.decode()}",{retained}')
    return host.urc(r"\+IMQTTPUB:(\d+),(\d+)")


def publish_hex(host, topic, qos, payload, retained=0):
    host.command(f"AT+IMQTTPUBIN={topic},{qos},{payload.hex()},{retained}")
    return host.urc(r"\+IMQTTPUB:(\d+),(\d+)")


def publish_raw(host, topic, qos, payload, retained=0):
    host.send(f"AT+IMQTTPUBEX={topic},{qos},{retained},{len(payload)}")
    host.expect(r"\A\r\n>")
    host.type(payload)
    host.expect(r"\A\r\nOK\r\n")
    return host.urc(r"\+IMQTTPUBEX:(\d+),(\d+)")


@pytest.mark.parametrize("publish", [publish_text, publish_hex, publish_raw])
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_publish(host, mosquitto, peer, client_id, publish, qos):
    peer.subscribe(client_id)
    host.connect(mosquitto, client_id=client_id)
    packet_id, status = publish(host, client_id, qos, b"good morning")
    message = peer.message()
    assert (message.topic, message.payload) == (client_id, b"good morning")
    assert (message.qos, message.retain) == (qos, 0)
    assert (packet_id == "0", status) == (qos == 0, "0")


@pytest.mark.parametrize("qos", [0, 1])
@pytest.mark.parametrize("sent_with", [0, 1, 2])
def test_receive(host, mosquitto, peer, client_id, qos, sent_with):
    host.connect(mosquitto, client_id=client_id)
    host.subscribe(client_id, qos)
    for number in range(3):
        peer.publish(client_id, f"message {number}", sent_with)
    for number in range(3):
        packet_id, topic, payload = host.received()
        assert (topic, payload) == (client_id, f"message {number}".encode())
        assert (packet_id == 0) == (min(qos, sent_with) == 0)
    assert host.command("AT") == []


@pytest.mark.parametrize("publish", [publish_text, publish_hex, publish_raw])
def test_publish_retained(host, mosquitto, start_peer, client_id, publish):
    host.connect(mosquitto, client_id=client_id)
    publish(host, client_id, 1, b"kept", retained=1)
    later = start_peer(mosquitto)
    later.subscribe(client_id)
    message = later.message()
    assert (message.payload, message.retain) == (b"kept", 1)


def test_receive_retained(host, mosquitto, peer, client_id):
    peer.publish(client_id, "kept", retain=True)
    host.connect(mosquitto, client_id=client_id)
    host.subscribe(client_id, 1)
    assert host.received()[1:] == (client_id, b"kept")


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_every_byte_value_through_pubex(host, mosquitto, peer, client_id, qos):
    peer.subscribe(client_id)
    host.connect(mosquitto, client_id=client_id)
    payload = EVERY_BYTE * 4
    publish_raw(host, client_id, qos, payload)
    assert peer.message().payload == payload


def test_every_byte_value_received(host, mosquitto, peer, client_id):
    host.connect(mosquitto, client_id=client_id)
    host.subscribe(client_id, 1)
    peer.publish(client_id, EVERY_BYTE)
    assert host.received()[2] == EVERY_BYTE


def test_an_empty_message_both_ways(host, mosquitto, peer, client_id):
    peer.subscribe(client_id)
    host.connect(mosquitto, client_id=client_id)
    host.subscribe(client_id, 0)
    host.command(f"AT+IMQTTPUBEX={client_id},1,0,0")
    host.urc(r"\+IMQTTPUBEX:\d+,0")
    assert peer.message().payload == b""
    assert host.received()[2] == b""


@pytest.mark.parametrize("qos", [0, 1])
def test_the_largest_payload_and_one_byte_more(host, mosquitto, peer, client_id, qos):
    host.connect(mosquitto, client_id=client_id)
    host.subscribe(client_id, qos)
    largest = EVERY_BYTE * (LARGEST // 256)
    peer.publish(client_id, largest, qos)
    assert host.received()[2] == largest
    peer.publish(client_id, largest + b"!", qos)
    peer.publish(client_id, "the next one", qos)
    assert host.received()[2] == b"the next one"
    assert host.failure()[0] == "peer"


def test_a_drained_message_is_acknowledged(host, mosquitto, start_peer, client_id):
    """Else the broker would have sent it again to the kept session, before anything else."""
    peer = start_peer(mosquitto)
    host.connect(mosquitto, client_id=client_id, clean=0)
    host.subscribe(client_id, 1)
    for _ in range(25):  # more than a broker sends without an answer
        peer.publish(client_id, bytes(LARGEST + 1))
    peer.publish(client_id, "still here")
    assert host.received(within_s=60)[2] == b"still here"
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")
    host.connect()
    peer.publish(client_id, "after the reconnect")
    assert host.received()[2] == b"after the reconnect"


def test_unsubscribed_topics_are_silent(host, mosquitto, peer, client_id):
    host.connect(mosquitto, client_id=client_id)
    host.subscribe(f"{client_id}/a", 1)
    host.subscribe(f"{client_id}/b", 1)
    assert host.command("AT+IMQTTSUB?") == [
        f"+IMQTTSUB:{client_id}/a,1",
        f"+IMQTTSUB:{client_id}/b,1",
    ]
    host.command(f"AT+IMQTTUNSUB={client_id}/a")
    host.urc(r"\+IMQTTUNSUB:\d+,0")
    peer.publish(f"{client_id}/a", "unheard")
    peer.publish(f"{client_id}/b", "heard")
    assert host.received()[2] == b"heard"


def test_several_topics_in_one_command(host, mosquitto, peer, client_id):
    host.connect(mosquitto, client_id=client_id)
    host.command(f"AT+IMQTTSUB={client_id}/+/x,1,{client_id}/y/#,0")
    host.urc(r"\+IMQTTSUB:\d+,1,0")
    peer.publish(f"{client_id}/deep/x", "one")
    peer.publish(f"{client_id}/y/deeper/still", "two")
    assert [host.received()[1:] for _ in range(2)] == [
        (f"{client_id}/deep/x", b"one"),
        (f"{client_id}/y/deeper/still", b"two"),
    ]


def test_a_hundred_publishes_in_flight(host, mosquitto, peer, client_id):
    """More than the window of 20: the rest waits, nothing is lost or reordered."""
    peer.subscribe(client_id)
    host.connect(mosquitto, client_id=client_id)
    host.type(b"".join(b"AT+IMQTTPUB=%s,2,%d\r" % (client_id.encode(), n) for n in range(100)))
    assert peer.payloads(100) == [b"%d" % n for n in range(100)]
    ids = [host.urc(r"\+IMQTTPUB:(\d+),0")[0] for _ in range(100)]
    assert len(set(ids)) == 100


def test_the_older_protocol(host, mosquitto, peer, client_id):
    peer.subscribe(client_id)
    host.command("AT+IMQTTPARA=VERSION,3.1")
    host.connect(mosquitto, client_id=client_id)
    mosquitto.process.line(f"as {client_id} (p1,")
    publish_text(host, client_id, 1, b"hello")
    assert peer.message().payload == b"hello"
