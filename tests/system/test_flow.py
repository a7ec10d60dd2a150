"""Hosts that are fast, slow, or stop; nothing is lost, and memory does not grow."""

import signal

import pytest

MANY = 2000
SMALL_BUFFER = 65536


@pytest.fixture(params=["pty", "tcp"])
def line(request, start_host, start_imqttd):
    """A host on a pseudo-terminal, or on a TCP connection with small buffers."""
    if request.param == "pty":
        host = start_host()
        host.backlog_bytes = 4 << 20
        return host
    modem = start_imqttd("--tcp", "127.0.0.1:0")
    modem.ready_tcp()
    host = modem.tcp_host(buffer_bytes=SMALL_BUFFER)
    host.modem = modem
    host.backlog_bytes = 16 << 20  # the kernel alone holds 4 MiB of a connection
    host.turn_echo_off()
    return host


def test_two_thousand_commands_at_once(line):
    line.type(b"AT+CSQ\r" * MANY)
    answer = rb"(\r\n\+CSQ: \d+,\d+\r\n\r\nOK\r\n)"
    line.expect(rb"\A" + answer + rb"{%d}\Z" % MANY)


def test_two_thousand_commands_with_echo(line):
    line.send("ATE1")
    line.expect(r"\A\r\nOK\r\n")
    line.type(b"AT+CSQ\r" * MANY)
    answers = line.expect_all(b"OK\r\n", MANY)
    assert answers.count(b"AT+CSQ\r") == MANY


@pytest.mark.parametrize("qos", [0, 1])
def test_two_thousand_publishes_at_once(line, mosquitto, peer, client_id, qos):
    peer.subscribe(client_id)
    line.connect(mosquitto, client_id=client_id)
    line.type(
        b"".join(b"AT+IMQTTPUB=%s,%d,%d\r" % (client_id.encode(), qos, n) for n in range(MANY)),
        within_s=60,
    )
    assert peer.payloads(MANY) == [b"%d" % n for n in range(MANY)]
    for _ in range(MANY):
        line.urc(r"\+IMQTTPUB:\d+,0")
    assert line.pending.count(b"OK") == MANY


def test_a_host_that_stops_reading(line, mosquitto, start_peer, proxy, client_id):
    """Megabytes arrive while the host sleeps. They wait at the broker, and come when it wakes."""
    peer = start_peer(mosquitto)
    line.connect(proxy, client_id=client_id)
    line.subscribe(client_id, 1)
    before_kib = line.modem.resident_kib()
    bulk = bytes(range(256)) * (line.backlog_bytes // 1000 // 256)
    payloads = [b"%04d" % number + bulk for number in range(1000)]
    sent = [peer.begin_publish(client_id, payload) for payload in payloads]
    for one in sent:
        one.wait_for_publish(30)
    assert len(proxy.to_modem) < line.backlog_bytes / 2
    assert line.modem.resident_kib() - before_kib < 4096
    for payload in payloads:
        assert line.received()[2] == payload
    assert line.pending == b""
    assert line.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:2"]


def test_sigterm_while_the_host_does_not_read(line, mosquitto, peer, client_id):
    line.connect(mosquitto, client_id=client_id)
    line.type_deaf(b"AT+IMQTTPARA?\r" * 500_000)
    line.modem.signal(signal.SIGTERM)
    assert line.modem.process.wait() == 0
    mosquitto.process.line(f"Client {client_id} disconnected")


def test_commands_wait_while_the_host_does_not_read(line):
    """The host types without reading until its writes stall, then reads everything."""
    commands = b"AT+IMQTTPARA?\r" * 500_000
    written = line.type_deaf(commands)
    assert written < len(commands), "the modem takes everything from a host that does not read"
    count = written // 14 + 1
    line.type(commands[written : count * 14])
    answers = line.expect_all(b"\r\nOK\r\n", count, within_s=60)
    assert answers.count(b"+IMQTTPARA:") == count
    assert line.command("AT") == []


def test_a_megabyte_without_a_line_end(line):
    line.command("AT+CMEE=1")
    line.type(b"AT+IMQTTPUB=" + b"x" * 1_000_000)
    line.type(b"\r")
    line.expect(r"\A\r\n\+CME ERROR: 24\r\n")
    assert line.command("AT") == []


@pytest.mark.parametrize("length, result", [(4096, "OK"), (4097, "+CME ERROR: 24")])
def test_the_longest_line(line, length, result):
    line.command("AT+CMEE=1")
    line.send(f"{'AT+IMQTTUSER?':<{length}}")
    line.expect(rf"\A(\r\n\+IMQTTUSER:[^\r]*\r\n)?\r\n{result.replace('+', '[+]')}\r\n\Z")
