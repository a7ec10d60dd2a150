"""Connections that begin, end, break, and come back."""

import signal

import pytest

DISCONNECT = b"\xe0\x00"
PUBACK, PUBREC, PUBCOMP = 0x40, 0x50, 0x70


@pytest.fixture
def connected(host, proxy, client_id):
    """A host whose modem is connected to the shared Mosquitto, through the proxy."""
    host.connect(proxy, client_id=client_id)
    return host


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_the_will_is_published_after_sigkill(host, mosquitto, peer, client_id, qos):
    peer.subscribe(client_id)
    host.command(f"AT+IMQTTLWT={client_id},{qos},gone")
    host.connect(mosquitto, client_id=client_id)
    host.modem.signal(signal.SIGKILL)
    message = peer.message()
    assert (message.payload, message.qos) == (b"gone", qos)


def test_a_binary_retained_will(host, mosquitto, start_peer, client_id):
    host.command(f"AT+IMQTTLWTBIN={client_id},1,00ff0d0a,1")
    host.connect(mosquitto, client_id=client_id)
    host.modem.signal(signal.SIGKILL)
    mosquitto.process.line(f"Client {client_id} closed its connection")
    later = start_peer(mosquitto)
    later.subscribe(client_id)
    assert later.message().payload == b"\x00\xff\r\n"


def test_sigterm_disconnects_and_the_will_stays_unsaid(host, mosquitto, peer, client_id):
    peer.subscribe(client_id)
    host.command(f"AT+IMQTTLWT={client_id},1,gone")
    host.connect(mosquitto, client_id=client_id)
    host.modem.signal(signal.SIGTERM)
    assert host.modem.process.wait() == 0
    mosquitto.process.line(f"Client {client_id} disconnected")
    peer.publish(client_id, "nothing was said before")
    assert peer.message().payload == b"nothing was said before"


def test_disconnect_says_goodbye(connected, proxy):
    assert connected.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:2"]
    connected.command("AT+IMQTTDISCONN")
    connected.urc(r"\+IMQTTCONN:-1")
    proxy.wait_for("to_broker", DISCONNECT)
    assert proxy.to_broker.endswith(DISCONNECT)
    assert connected.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:0"]
    assert connected.failure() == ("none", 0, "")


def test_connecting_twice(connected, proxy):
    connected.command("AT+IMQTTCONN")
    connected.urc(r"\+IMQTTCONN:1")
    assert proxy.connections == 1


def test_messages_queued_while_away(host, mosquitto, peer, client_id):
    host.connect(mosquitto, client_id=client_id, clean=0)
    host.subscribe(client_id, 1)
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")
    for number in range(50):
        peer.publish(client_id, f"{number}")
    host.connect()
    assert [host.received()[2] for _ in range(50)] == [b"%d" % n for n in range(50)]
    assert host.command("AT+IMQTTSUB?") == [f"+IMQTTSUB:{client_id},1"]


def test_a_clean_session_forgets(host, mosquitto, peer, client_id):
    host.connect(mosquitto, client_id=client_id, clean=1)
    host.subscribe(client_id, 1)
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")
    peer.publish(client_id, "lost")
    host.connect()
    assert host.command("AT+IMQTTSUB?") == []
    host.subscribe(client_id, 1)
    peer.publish(client_id, "found")
    assert host.received()[2] == b"found"


def test_a_cut_connection_is_reported_once(connected, proxy):
    proxy.cut()
    connected.urc(r"\+IMQTTCONN:-1")
    assert connected.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:0"]
    assert connected.failure()[0] in ("tcp", "peer")
    assert connected.ask("AT+IMQTTDISCONN") == ([], "ERROR")


@pytest.mark.parametrize("command", ["AT+IMQTTSUB={},1", "AT+IMQTTUNSUB={}", "AT+IMQTTPUB={},1,x"])
def test_requests_fail_with_the_connection(connected, proxy, client_id, command):
    """First the request's own URC, then that of the connection."""
    proxy.hold()
    connected.command(command.format(client_id))
    proxy.wait_for("to_broker", client_id.encode() + b"\x01" if "SUB=" in command[:12] else b"x")
    proxy.cut()
    connected.expect(
        r"\A\r\n\+IMQTT(SUB:\d+,128|UNSUB:\d+,-1|PUB:\d+,1)\r\n\r\n\+IMQTTCONN:-1\r\n"
    )


@pytest.mark.parametrize(
    "qos, answers, lost, delivered",
    [
        (1, 0, PUBACK, ["once", "once", "next"]),  # QoS 1 may come twice, and here it does
        (2, 0, PUBREC, ["once", "next"]),
        (2, 1, PUBCOMP, ["once", "next"]),
    ],
)
def test_a_kept_session_finishes_what_a_cut_left_open(
    host, proxy, peer, client_id, qos, answers, lost, delivered
):
    peer.subscribe(client_id)
    host.connect(proxy, client_id=client_id, clean=0)
    proxy.hold(after=answers)
    host.command(f"AT+IMQTTPUB={client_id},{qos},once")
    proxy.wait_for("to_modem", bytes([lost, 2]))  # the broker has answered
    proxy.cut()
    packet_id, status = host.urc(r"\+IMQTTPUB:(\d+),(\d)")
    assert status == "1"
    host.urc(r"\+IMQTTCONN:-1")
    host.connect()
    host.command(f"AT+IMQTTPUB={client_id},{qos},next")
    next_id, status = host.urc(r"\+IMQTTPUB:(\d+),(\d)")
    assert (status, next_id != packet_id) == ("0", True)
    assert [payload.decode() for payload in peer.payloads(len(delivered))] == delivered


def test_a_clean_session_never_sends_what_failed(host, proxy, peer, client_id):
    host.connect(proxy, client_id=client_id, clean=1)
    proxy.hold()
    host.command(f"AT+IMQTTPUB={client_id},1,first")
    proxy.wait_for("to_broker", b"first")
    proxy.cut()
    host.urc(r"\+IMQTTPUB:\d+,1")
    host.urc(r"\+IMQTTCONN:-1")
    host.connect()
    host.command(f"AT+IMQTTPUB={client_id},1,second")
    host.urc(r"\+IMQTTPUB:\d+,0")
    assert proxy.to_broker.count(b"first") == 1


def test_a_broker_killed_in_the_middle_of_publishing(start_host, start_mosquitto, client_id):
    broker = start_mosquitto()
    host = start_host()
    host.connect(broker, client_id=client_id, clean=0)
    host.type(b"".join(b"AT+IMQTTPUB=%s,1,%d\r" % (client_id.encode(), n) for n in range(40)))
    host.urc(r"\+IMQTTPUB:\d+,0")
    broker.kill()
    host.urc(r"\+IMQTTCONN:-1")
    host.pending = b""
    assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:0"]
    stage, _, _ = host.fail_to_connect()
    assert stage == "tcp"
    broker.start()
    host.connect()
    host.command(f"AT+IMQTTPUB={client_id},1,again")
    host.urc(r"\+IMQTTPUB:\d+,0")


def test_another_client_takes_the_session(connected, mosquitto, start_peer, client_id):
    start_peer(mosquitto, client_id=client_id)
    connected.urc(r"\+IMQTTCONN:-1")
    assert connected.failure()[0] == "peer"


def test_configuring_again_while_connected(connected, mosquitto, client_id):
    """A host that was reset runs its start-up again, and finds the connection."""
    connected.configure(mosquitto, client_id=client_id)
    connected.command("AT+IMQTTCONN")
    connected.urc(r"\+IMQTTCONN:1")


def test_settings_survive_a_restart(start_host, mosquitto, tmp_path, client_id):
    options = ("--state", tmp_path / "state", "--pty", tmp_path / "same-name")
    first = start_host(*options)
    other = first.modem.pty_host(tmp_path / "same-name")
    other.turn_echo_off()
    other.configure(mosquitto, client_id=client_id)
    other.command('AT+IMQTTUSER="somebody","secret"')
    other.command("AT&W")
    first.modem.signal(signal.SIGTERM)
    assert first.modem.process.wait() == 0
    second = start_host(*options)
    again = second.modem.pty_host(tmp_path / "same-name")
    assert again.command("AT+IMQTTUSER?") == ["+IMQTTUSER:somebody,*****"]
    again.connect()
    mosquitto.process.line(f"as {client_id} ", "u'somebody'")
