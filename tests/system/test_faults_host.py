"""What hosts do to a modem: stop reading, hang up in the middle, type slowly, or without pause."""

import contextlib
import os
import resource
import select
import subprocess
import threading

import pytest

from host import PtyLine
from modem import PROGRAM

MIB = 1 << 20
SMALL_BUFFER = 65536
PINGREQ = b"\xc0\x00"


@pytest.fixture(params=["pty", "tcp"])
def start_line(request, start_host, start_imqttd):
    """Starts a modem and a host on its pseudo-terminal, or on a TCP connection with small buffers."""

    def start(**settings):
        if request.param == "pty":
            return start_host(**settings)
        return start_tcp_host(start_imqttd, **settings)

    return start


def start_tcp_host(start_imqttd, *options, **settings):
    modem = start_imqttd("--tcp", "127.0.0.1:0", *options, **settings)
    modem.ready_tcp()
    return next_tcp_host(modem)


def next_tcp_host(modem):
    host = modem.tcp_host(buffer_bytes=SMALL_BUFFER)
    host.modem = modem
    host.turn_echo_off()
    return host


def numbered(count, size_bytes):
    """Messages that can be told apart, whatever they are cut into."""
    return [b"%06d" % number * (size_bytes // 6) for number in range(count)]


def publish_all(peer, topic, payloads):
    sent = [peer.begin_publish(topic, payload) for payload in payloads]
    for one in sent:
        one.wait_for_publish(60)


# ---- stops reading


def test_stops_reading_for_ten_minutes(start_line, time, proxy, start_peer, mosquitto, client_id):
    """Nothing that waits for it is lost or doubled, and the connection outlives the silence."""
    host = start_line(**time.settings)
    peer = start_peer(mosquitto)
    host.configure(proxy, client_id=client_id, clean=0)
    host.command("AT+IMQTTPARA=KEEPALIVE,60")
    host.connect()
    host.subscribe(client_id, 1)
    before_kib = host.modem.resident_kib()
    payloads = numbered(100, 60_000)
    publish_all(peer, client_id, payloads)
    for _ in range(40):
        time.pass_by(host.modem, 15)
    assert host.modem.resident_kib() - before_kib < 2048
    proxy.wait_for("to_broker", PINGREQ)  # whose answer waits behind the messages
    for payload in payloads:
        assert host.received()[2] == payload
    assert host.pending == b""
    host.command(f"AT+IMQTTPUB={client_id},1,awake")
    assert host.received()[2] == b"awake"
    host.urc(r"\+IMQTTPUB:\d+,0")


def test_nobody_reads_standard_output_for_a_while():
    """The script waits, memory does not grow, and every line has its answer."""
    lines = 20_000
    script = b"AT&V\n" * lines
    with subprocess.Popen(
        [PROGRAM, "--stdio", "--no-boot-urc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        os.set_blocking(child.stdin.fileno(), False)
        written = 0
        while written < len(script) and select.select([], [child.stdin], [], 0.5)[1]:
            written += os.write(child.stdin.fileno(), script[written : written + 2048])
        assert written < len(script)
        with open(f"/proc/{child.pid}/statm", encoding="ascii") as file:
            resident_bytes = int(file.read().split()[1]) * resource.getpagesize()
        assert resident_bytes < 64 * MIB  # mostly the sanitizers'
        os.set_blocking(child.stdin.fileno(), True)
        rest = threading.Thread(target=feed, args=(child.stdin, script[written:]))
        rest.start()
        printed = child.stdout.read()
        rest.join()
    assert child.returncode == 0
    assert printed.count(b"\r\nOK\r\n") == printed.count(b"+IMQTTPARA:") == lines


def feed(file, data):
    with file:
        file.write(data)


# ---- hangs up


def test_hangs_up_in_the_middle_of_a_line_on_a_pty(host):
    """As on a UART, the next bytes go on where the last ones stopped: one line is an error."""
    host.command("AT+CMEE=1")
    host.type(b"AT+IMQTTADDR=torn,18")
    host.close()
    again = host.modem.pty_host(host.link)
    assert again.ask("AT") == ([], "+CME ERROR: 50")
    assert again.command("AT+IMQTTADDR?") == []


def test_hangs_up_in_the_middle_of_a_line_on_tcp(start_imqttd, mosquitto, peer, client_id):
    """It has not been typed; the modem is gone without DISCONNECT, so the will is published."""
    check_nothing_but_the_will(start_imqttd, mosquitto, peer, client_id, "AT+IMQTTPUB=%s,1,torn")


def test_hangs_up_in_the_middle_of_data_on_tcp(start_imqttd, mosquitto, peer, client_id):
    check_nothing_but_the_will(
        start_imqttd, mosquitto, peer, client_id, "AT+IMQTTPUBEX=%s,1,0,10\rtorn", b">"
    )


def check_nothing_but_the_will(start_imqttd, mosquitto, peer, client_id, typed, answer=b""):
    peer.subscribe(client_id)
    host = start_tcp_host(start_imqttd)
    host.configure(mosquitto, client_id=client_id)
    host.command(f"AT+IMQTTLWT={client_id},1,gone")
    host.connect()
    host.type((typed % client_id).encode())
    host.expect_bytes(answer)
    host.close()
    assert peer.message().payload == b"gone"
    assert next_tcp_host(host.modem).command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:0"]
    assert peer.messages.empty()


@pytest.fixture
def torn_data(start_host, time, mosquitto, peer, client_id):
    """A host that has closed its pseudo-terminal after the first of ten bytes of data."""
    peer.subscribe(client_id)
    host = start_host(**time.settings)
    host.command("AT+CMEE=1")
    host.connect(mosquitto, client_id=client_id)
    host.type(f"AT+IMQTTPUBEX={client_id},1,0,10\r01234".encode())  # so they are taken with it
    host.expect(r"\r\n>")
    host.close()
    return host


def test_hangs_up_in_the_middle_of_data_on_a_pty_and_comes_back(torn_data, peer):
    again = torn_data.modem.pty_host(torn_data.link)
    again.type(b"56789")
    again.expect(r"\r\nOK\r\n")
    assert peer.message().payload == b"0123456789"


def test_hangs_up_in_the_middle_of_data_on_a_pty_and_stays_away(torn_data, time, peer, client_id):
    """Nothing is published, and the next host finds the error."""
    time.pass_by(torn_data.modem, 11)
    again = torn_data.modem.adopt(PtyLine(torn_data.link))
    again.expect(r"\A\r\n\+CME ERROR: 31\r\n")
    again.command(f"AT+IMQTTPUB={client_id},1,whole")
    assert peer.message().payload == b"whole"


def test_hangs_up_in_the_middle_of_a_message_on_a_pty(host, mosquitto, start_peer, client_id):
    """The next host reads on at the very byte."""
    host.connect(mosquitto, client_id=client_id)
    host.subscribe(client_id, 1)
    host.close()
    payloads = numbered(20, 60_000)
    publish_all(start_peer(mosquitto), client_id, payloads)
    came = b""
    for wanted in (1000, 100_000, 300_000):
        part = host.modem.adopt(PtyLine(host.link))
        while len(came) + len(part.pending) < wanted:
            part.wait_for_more()
        came += part.pending
        part.close()
    last = host.modem.adopt(PtyLine(host.link))
    last.pending = came
    for payload in payloads:
        assert last.received()[2] == payload
    assert last.pending == b""


def test_hangs_up_in_the_middle_of_a_message_on_tcp(
    start_imqttd, mosquitto, start_peer, client_id
):
    """Its modem goes with it. What the kernel had taken for it is lost, which is not much; all
    behind comes again in the session that was kept, once."""
    host = start_tcp_host(start_imqttd)
    host.connect(mosquitto, client_id=client_id, clean=0)
    host.subscribe(client_id, 1)
    payloads = numbered(50, 60_000)
    publish_all(start_peer(mosquitto), client_id, payloads)
    while len(host.pending) < 1000:
        host.wait_for_more()
    host.close()
    again = next_tcp_host(host.modem)
    again.connect(mosquitto, client_id=client_id, clean=0)
    first = payloads.index(again.received()[2])
    assert first * 60_000 < MIB
    for payload in payloads[first + 1 :]:
        assert again.received()[2] == payload
    assert again.command("AT") == []


def test_standard_input_ends_in_the_middle_of_a_line():
    """What has been typed of it is a line."""
    result = subprocess.run(
        [PROGRAM, "--stdio", "--no-boot-urc"], input=b"ATE0\nAT+CMEE?", capture_output=True, timeout=60,
    )
    assert result.stdout.endswith(b"\r\nOK\r\n\r\n+CMEE: 0\r\n\r\nOK\r\n")
    assert result.returncode == 0


def test_standard_input_ends_in_the_middle_of_data(mosquitto, peer, client_id):
    """The program ends as ever, and nothing is published."""
    peer.subscribe(client_id)
    script = (
        f"AT+IMQTTADDR=127.0.0.1,{mosquitto.port},{client_id}\n"
        f"AT+IMQTTLWT={client_id},1,gone\n"
        "AT+IMQTTCONN\n"
        f"AT+IMQTTPUBEX={client_id},1,0,10\n"
        "torn"
    )
    result = subprocess.run(
        [PROGRAM, "--stdio", "--no-boot-urc"], input=script.encode(), capture_output=True, timeout=60,
    )
    assert result.stdout.endswith(b"\r\n>")
    assert result.returncode == 0
    peer.publish(client_id, "next")
    assert peer.message().payload == b"next"


def test_the_reader_of_standard_output_goes_away():
    with subprocess.Popen(
        [PROGRAM, "--stdio", "--no-boot-urc"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as child:
        script = threading.Thread(target=feed_while_it_lasts, args=(child.stdin, b"AT&V\n" * 20_000))
        script.start()
        assert len(child.stdout.read(100)) == 100
        child.stdout.close()
        assert b"imqttd: error: stdio: output: Broken pipe" in child.stderr.read()
        script.join()
    assert child.returncode == 1


def feed_while_it_lasts(file, data):
    with contextlib.suppress(BrokenPipeError):
        feed(file, data)


# ---- types slowly


def test_types_a_byte_a_second(start_line, time, mosquitto, peer, client_id):
    """A message comes in between; the command is still one command."""
    host = start_line(**time.settings)
    host.connect(mosquitto, client_id=client_id)
    host.subscribe(client_id, 1)
    host.command("ATE1")
    command = f"AT+IMQTTPUB={client_id},1,slowly\r".encode()
    for at, byte in enumerate(command):
        if at == 10:
            peer.publish(client_id, "meanwhile")
            assert host.received()[2] == b"meanwhile"
        host.type(bytes([byte]))
        host.expect_bytes(bytes([byte]))
        time.pass_by(host.modem, 1)
    host.expect(r"\r\nOK\r\n")
    host.urc(r"\+IMQTTPUB:\d+,0")
    assert host.received()[2] == b"slowly"


def test_types_a_byte_of_data_every_five_seconds(start_imqttd, time, mosquitto, client_id):
    """All must be there after ten seconds and what they take at 960 bytes a second."""
    host = start_tcp_host(start_imqttd, **time.settings)
    other = next_tcp_host(host.modem)
    host.connect(mosquitto, client_id=client_id)
    host.command("AT+CMEE=1")
    host.send(f"AT+IMQTTPUBEX={client_id},1,0,8")
    host.expect(r"\r\n>")
    for byte in b"slo":
        host.type(bytes([byte]))
        other.command("AT")  # so the byte has been taken
        time.pass_by(host.modem, 5)
    host.expect(r"\r\n\+CME ERROR: 31\r\n")


# ---- floods


@pytest.fixture(params=["pty", "tcp"])
def two_hosts(request, start_host, start_imqttd, tmp_path):
    """Hosts of two modems of one program."""
    if request.param == "tcp":
        host = start_tcp_host(start_imqttd)
        return host, next_tcp_host(host.modem)
    host = start_host("--pty", tmp_path / "other")
    other = host.modem.pty_host(tmp_path / "other")
    other.turn_echo_off()
    return host, other


def test_floods_without_pause(two_hosts, mosquitto, client_id):
    """The other modem of the program answers, connects, publishes; nothing of the flood is lost."""
    flooder, other = two_hosts
    is_over = threading.Event()
    lines = []

    def type_on():
        while not is_over.is_set():
            flooder.type(b"AT+CSQ\r" * 1000, within_s=60)
            lines.append(1000)

    thread = threading.Thread(target=type_on)
    thread.start()
    other.connect(mosquitto, client_id=client_id)
    other.subscribe(client_id, 1)
    for number in range(100):
        other.command(f"AT+IMQTTPUB={client_id},2,{number}")
        other.urc(r"\+IMQTTPUB:\d+,0")
        assert other.received()[2] == b"%d" % number
    is_over.set()
    thread.join()
    answers = flooder.expect_all(b"\r\nOK\r\n", sum(lines), within_s=60)
    assert answers.count(b"+CSQ:") == sum(lines)
    assert b"ERROR" not in answers
