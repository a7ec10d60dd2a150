"""The image at real brokers, on every board: sessions, messages, wills; over TCP."""

import pytest

from image import BOARDS, GATEWAY, At

DISCONNECTED = r"\+IMQTTCONN:-1"


@pytest.mark.parametrize("board", BOARDS)
def test_the_manuals_session(start_image, mosquitto, peer, client_id, board):
    host = start_image(board=board).host
    peer.subscribe(client_id)
    host.command("AT+IMQTTMODE=2,0")
    host.command("AT+IMQTTPARA=KEEPALIVE,60,CLEAN,1")
    host.command(f"AT+IMQTTADDR={GATEWAY},{mosquitto.port},{client_id}")
    host.command("AT+IMQTTCONN")
    host.urc(r"\+IMQTTCONN:0")
    host.subscribe(client_id, 1)
    host.command(f"AT+IMQTTPUB={client_id},1,hello")
    host.urc(r"\+IMQTTPUB:\d+,0")
    assert host.received()[1:] == (client_id, b"hello")
    assert peer.message().payload == b"hello"
    host.command(f"AT+IMQTTUNSUB={client_id}")
    host.urc(r"\+IMQTTUNSUB:\d+,0")
    host.command("AT+IMQTTDISCONN")
    host.urc(DISCONNECTED)
    mosquitto.process.line(f"Client {client_id} disconnected")


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_every_byte_both_ways(host, mosquitto, peer, client_id, qos):
    every = bytes(range(256)) * 4
    peer.subscribe(client_id)
    host.connect(At(mosquitto), client_id=client_id)
    host.send(f"AT+IMQTTPUBEX={client_id},{qos},0,{len(every)}")
    host.expect(r"\r\n>")
    host.type(every)
    host.urc(r"OK")
    host.urc(r"\+IMQTTPUBEX:\d+,0")
    message = peer.message()
    assert (message.payload, message.qos) == (every, qos)
    host.subscribe("to/" + client_id, min(qos, 1))
    peer.publish("to/" + client_id, every, qos)
    assert host.received()[1:] == ("to/" + client_id, every)


def test_the_will_when_the_power_goes(start_image, mosquitto, peer, client_id):
    image = start_image()
    peer.subscribe(client_id)
    image.host.command(f"AT+IMQTTLWT={client_id},1,gone")
    image.host.connect(At(mosquitto), client_id=client_id)
    image.process.kill()
    image.process.child.returncode = 0  # the test did that
    assert peer.message().payload == b"gone"


def test_a_kept_session_over_a_reset(start_image, mosquitto, peer, client_id):
    """What is published to a device that is off waits for it."""
    image = start_image()
    host = image.host
    host.configure(At(mosquitto), client_id=client_id, clean=0)
    host.command("AT&W")
    host.connect()
    host.subscribe(client_id, 1)
    image.reset()
    for number in range(5):
        peer.publish(client_id, f"{number}")
    host.connect()
    for number in range(5):
        assert host.received()[2] == b"%d" % number


def test_a_broker_that_is_not_there(host, mosquitto):
    host.configure(At(mosquitto, port=1))
    assert host.fail_to_connect() == ("tcp", 111, "connection refused")


def test_a_broker_that_goes(host, start_mosquitto, client_id):
    broker = start_mosquitto()
    host.connect(At(broker), client_id=client_id)
    broker.kill()
    host.urc(DISCONNECTED)
    assert host.failure() == ("peer", 0, "connection closed by the broker")


def test_a_message_that_does_not_fit_is_dropped_and_the_next_one_comes(
    host, mosquitto, peer, client_id
):
    host.connect(At(mosquitto), client_id=client_id)
    host.subscribe(client_id, 1)
    peer.publish(client_id, bytes(100_000))
    peer.publish(client_id, b"small")
    assert host.received()[2] == b"small"


def test_a_host_that_does_not_read(host, mosquitto, peer, client_id):
    """More than all queues and windows hold waits at the broker; nothing is lost."""
    host.connect(At(mosquitto), client_id=client_id)
    host.subscribe(client_id, 1)
    payloads = [b"%04d" % number + bytes(b"x" * 900) for number in range(1000)]
    sent = [peer.begin_publish(client_id, payload) for payload in payloads]
    for one in sent:
        one.wait_for_publish(60)
    for payload in payloads:
        assert host.received()[2] == payload
    assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:2"]
    figures = host.image.figures()
    assert figures["arena"][0] <= figures["arena"][1]


def test_a_thousand_commands_at_once(host):
    """The host is slowed, and no byte is lost."""
    host.type(b"AT+CSQ\r" * 1000, within_s=60)
    host.expect(rb"\A(\r\n\+CSQ: \d+,\d+\r\n\r\nOK\r\n){1000}\Z", within_s=60)
    assert host.image.figures()["overruns"] == (0,)


def test_noise_on_the_line(host):
    """A host at the wrong speed: what it says is noise, and the next right line is understood."""
    host.type(bytes(range(128, 256)) * 20 + b"\r")
    host.expect(rb"\r\nERROR\r\n|\A")
    host.type(b"\rAT+CGMM\r")
    host.expect(rb"\r\nIMQTT-LTE\r\n\r\nOK\r\n")
