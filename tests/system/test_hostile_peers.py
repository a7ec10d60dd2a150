"""Peers of SECURITY.md that do their worst, beside a quiet modem of the same program: its `AT` is
answered within a tenth of a second (quiet_modem.py). TLS peers are in test_hostile_tls.py, name
servers in test_hostile_names.py."""

import contextlib
import multiprocessing
import os
import select
import socket
import stat
import threading
import time
import types

import pytest

from host import DEADLINE_S
from quiet_modem import QuietModem
from scripted_server import PUBREC, PUBREL, ScriptedServer, connack, packet, publish

HOSTS, HOST_KIB = 300, 300
WINDOW = 16  # publishes that may be unanswered


@pytest.fixture
def program(start_imqttd, tmp_path):
    modem = start_imqttd(
        "--pty", tmp_path / "other", "--tcp", "127.0.0.1:0", "--state", tmp_path / "state"
    )
    modem.ready_pty(tmp_path / "other")
    address = modem.ready_tcp()
    modem.address = address
    modem.quiet = QuietModem(modem)
    modem.other = tmp_path / "other"
    return modem


def closed_after(address, *pieces):
    with socket.create_connection(address, DEADLINE_S) as line:
        for piece in pieces:
            line.sendall(piece)
        line.settimeout(DEADLINE_S)
        said = b""
        try:
            while piece := line.recv(4096):
                said += piece
        except ConnectionResetError:
            pass
        return said


BODY = b"\r\nAT+IMQTTADDR=\"attacker\",1883\r\nAT+IMQTTCONN\r\n"


@pytest.mark.parametrize("head", [
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    b"OPTIONS /" + b"x" * 20000 + b" HTTP/1.1\r\n",
    b"AT+IMQTTCONN / HTTP/1.0\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
], ids=["post", "long", "method", "http2"])
def test_a_web_page_commands_nothing(program, head):
    said = closed_after(program.address, head + BODY)
    assert b"OK" not in said
    program.logged("speaks HTTP")
    assert program.quiet.is_answered(20)


def test_a_request_line_that_comes_byte_by_byte(program):
    head = [bytes([byte]) for byte in b"POST / HTTP/1.1"]
    assert b"OK" not in closed_after(program.address, *head, b"\r\n" + BODY)
    program.logged("speaks HTTP")


def test_tls_is_not_spoken_here(program):
    said = closed_after(program.address, bytes.fromhex("16030100f4010000f00303") + BODY)
    assert said == b""
    program.logged("speaks TLS")


def test_a_line_that_only_mentions_http_is_a_line(program):
    with socket.create_connection(program.address, DEADLINE_S) as line:
        line.settimeout(DEADLINE_S)
        line.sendall(b"AT+CGMI; HTTP/1.1 x\rATE0\rAT\r")
        said = b""
        while said.count(b"OK\r\n") < 2:
            piece = line.recv(4096)
            assert piece
            said += piece


def test_a_pty_is_its_owners(program):
    mode = os.stat(program.other).st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_line_of_many_answers(program):
    """4,095 bytes of AT&V&V…, again and again."""
    other = program.pty_host(program.other)
    other.turn_echo_off()
    line = b"AT" + b"&V" * 2046 + b"\r"
    ended = threading.Event()

    def type_on():
        while not ended.is_set():
            other.type(line)
            other.expect(r"OK\r\n", within_s=30)

    typist = threading.Thread(target=type_on)
    typist.start()
    try:
        assert program.quiet.is_answered_beside_work()
    finally:
        ended.set()
        typist.join()


FLOODS = [b"AT\r" * 5000, b"\x00\xff" * 8000, b"A" * 16000, b"AT&V\r" * 3000]


def flood(address, data):
    line = socket.create_connection(address, DEADLINE_S)
    line.setblocking(False)
    while True:
        select.select([line], [line], [])
        for use in (lambda: line.send(data), lambda: line.recv(1 << 20)):
            try:
                use()
            except BlockingIOError:
                pass


@pytest.fixture
def in_the_background():
    """Runs functions in other processes: what is measured must be the modem."""
    processes = []

    def run(function, *arguments):
        processes.append(multiprocessing.Process(target=function, args=arguments, daemon=True))
        processes[-1].start()

    yield run
    for process in processes:
        process.kill()
        process.join()


@pytest.mark.parametrize("count", [1, 10])
def test_floods_of_lines_and_garbage(program, in_the_background, count):
    for data in FLOODS * count:
        in_the_background(flood, program.address, data)
    assert program.quiet.is_answered_beside_work()


COSTLY = {
    "stores": b"AT&W\rATZ\r" * 500,
    "reboots": b"AT+CFUN=1,1\r" * 500,
    "refused-connections": b"AT+IMQTTADDR=127.0.0.1,1,x\rAT+IMQTTCONN\rAT+IMQTTDISCONN\r" * 300,
    "registrations": b"AT+IMQTTDYNREG=0,1,a,b,c\r" * 500,
    "cut-data": b"AT+IMQTTPUBEX=t,1,0,1024\r" * 500,
}


@pytest.mark.parametrize("data", COSTLY.values(), ids=COSTLY)
def test_floods_of_what_costs_much(program, in_the_background, data):
    for _ in range(4):
        in_the_background(flood, program.address, data)
    assert program.quiet.is_answered_beside_work()


def come_and_go(address):
    while True:
        with socket.create_connection(address) as line:
            line.sendall(b"AT+IMQTT")


def test_hosts_that_come_and_go(program, in_the_background):
    for _ in range(4):
        in_the_background(come_and_go, program.address)
    assert program.quiet.is_answered_beside_work()


def flood_of_a_broker(listener, data):
    """Accepts a connection, and says data for ever, in pieces of its second part; reads what comes."""
    data, piece = data
    line = listener.accept()[0]
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.recv(65536)
    line.sendall(connack())
    line.setblocking(False)
    left = memoryview(b"")
    while True:
        left = left or memoryview(data)
        select.select([line], [line], [])
        try:
            left = left[line.send(left[:piece]):]
        except BlockingIOError:
            pass
        try:
            line.recv(1 << 20)
        except BlockingIOError:
            pass


ALL = 1 << 30
FORGED = b'\r\nOK\r\n\r\n>\r\n+IMQTTCONN:-1\r\n+IMQTTRCVPUB:1,"t",9,"'

FLOODS_OF_A_BROKER = {
    "pingresp": (b"\xd0\x00" * 50000, ALL),
    "publish-0": (publish("t", "") * 20000, ALL),
    "publish-1": (publish("t", "", qos=1) * 20000, ALL),
    "pubrec": (packet(PUBREC, b"\x00\x09") * 20000, ALL),
    "pubrel": (packet(PUBREL | 2, b"\x00\x09") * 20000, ALL),
    "control-bytes": (publish(b"\xc2\x85", "") * 20000, ALL),  # dropped, and would be logged
    "look-alikes": (publish('"\\,', FORGED) * 5000, ALL),
    "200-kB": (publish("t", bytes(200_000)) * 10, ALL),
    "256-MB": (b"\x30\xff\xff\xff\x7f\x00\x01t" + bytes(268_435_452), ALL),
    "byte-by-byte": (publish("t", "", qos=1) * 1000, 1),
}


@pytest.fixture
def flooding_broker(request):
    listener = socket.create_server(("127.0.0.1", 0))
    process = multiprocessing.Process(
        target=flood_of_a_broker, args=(listener, FLOODS_OF_A_BROKER[request.param]), daemon=True
    )
    process.start()
    broker = types.SimpleNamespace(host="127.0.0.1", port=listener.getsockname()[1])
    listener.close()
    yield broker
    process.kill()
    process.join()


def read_for_ever(line):
    while line.recv(1 << 20):
        pass


@pytest.mark.parametrize("flooding_broker", FLOODS_OF_A_BROKER, indirect=True)
def test_a_broker_that_floods(program, flooding_broker):
    """The host of that modem reads nothing, so what it must be told waits with the broker."""
    other = program.pty_host(program.other)
    other.turn_echo_off()
    other.configure(flooding_broker)
    other.command("AT+IMQTTCONN")
    other.urc(r"\+IMQTTCONN:0")
    assert program.quiet.is_answered_beside_work()


@contextlib.contextmanager
def connected_reader(program, broker, *settings):
    """Another process reads what its modem says of that broker."""
    line = socket.create_connection(program.address, DEADLINE_S)
    line.settimeout(DEADLINE_S)
    where = f'AT+IMQTTADDR="127.0.0.1",{broker.port},"f"'
    line.sendall("\r".join(["ATE0;+CMEE=1", *settings, where, "AT+IMQTTCONN", ""]).encode())
    said = b""
    while b"+IMQTTCONN:0" not in said:
        said += line.recv(65536)
    reader = multiprocessing.Process(target=read_for_ever, args=(line,), daemon=True)
    reader.start()
    line.close()
    try:
        yield
    finally:
        reader.kill()
        reader.join()


@pytest.mark.parametrize("flooding_broker", FLOODS_OF_A_BROKER, indirect=True)
def test_a_broker_that_floods_while_its_host_reads(program, flooding_broker):
    with connected_reader(program, flooding_broker):
        assert program.quiet.is_answered_beside_work()


@pytest.mark.parametrize("setting", ["AT+IMQTTRECVMODE=1", "AT+IMQTTRECVHEX=1"])
@pytest.mark.parametrize("flooding_broker", ["publish-1"], indirect=True)
def test_a_flood_that_is_kept_or_told_in_hex(program, flooding_broker, setting):
    with connected_reader(program, flooding_broker, setting):
        assert program.quiet.is_answered_beside_work()


def end_each_connection(listener, packet_of_its_own):
    """A broker that welcomes everybody, and then says what nobody may."""
    while True:
        with listener.accept()[0] as line:
            line.recv(65536)
            line.sendall(connack() + packet_of_its_own)


def connect_for_ever(address, port):
    with socket.create_connection(address) as line:
        line.sendall(b'ATE0\rAT+IMQTTADDR="127.0.0.1",%d,"f"\r' % port)
        while True:
            line.sendall(b"AT+IMQTTCONN\r")
            said = b""
            while b"+IMQTTCONN:-1" not in said:
                said += line.recv(65536)


def test_brokers_that_end_each_connection(program, in_the_background):
    """Malformed and forbidden packets, and hosts that connect again at once."""
    for bad in (b"\xf0\x00", b"\x30\xff\xff\xff\xff\x7f", packet(0x40, b"\x00\x00"), connack()):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            in_the_background(end_each_connection, listener, bad)
            in_the_background(connect_for_ever, program.address, listener.getsockname()[1])
    program.logged("lost the connection to")
    assert program.quiet.is_answered_beside_work()


def test_brokers_that_say_nothing(program, silent_server):
    """A hundred connections that wait for CONNACK, until all have been given up."""
    hosts = []
    for _ in range(100):
        host = socket.create_connection(program.address, DEADLINE_S)
        host.sendall(
            b"ATE0\rAT+IMQTTPARA=TIMEOUT,1\r"
            b'AT+IMQTTADDR="127.0.0.1",%d,"f"\rAT+IMQTTCONN\r' % silent_server.port
        )
        hosts.append(host)
    for host in hosts:
        said = b""
        while b"+IMQTTCONN:-1" not in said:
            if select.select([host], [], [], 0.01)[0]:
                said += host.recv(4096)
            program.quiet.ask()
        host.close()
    assert program.quiet.is_answered(1)


@pytest.fixture
def silent_server():
    server = ScriptedServer()
    yield server
    server.close()


def test_a_host_that_leaves_while_its_command_waits(start_imqttd, silent_server):
    """The window is full, and the broker answers nothing: the modem reads no more of its host."""
    modem = start_imqttd("--tcp", "127.0.0.1:0", "--limits", "wide")
    modem.ready_tcp()
    host = modem.tcp_host()
    host.configure(silent_server, timeout_s=60)
    host.command("AT+IMQTTCONN")
    line = silent_server.accept()
    line.welcome()
    host.urc(r"\+IMQTTCONN:0")
    for number in range(WINDOW + 1):
        host.send(f"AT+IMQTTPUB=\"t\",1,\"{number}\"")
    for _ in range(WINDOW):
        host.expect(r"OK\r\n")
    host.close()
    for _ in range(WINDOW):
        assert line.packet()[:1] == b"\x32"
    left_s = time.monotonic()
    assert line.is_closed()
    assert time.monotonic() - left_s < 30  # half a TIMEOUT
    line.close()


def test_hosts_that_ask_for_everything_and_read_nothing(program):
    """A line of 4,095 bytes asks for 2,046 times AT&V, megabytes: it goes on as it is read."""
    before_kib = program.resident_kib()
    line = b"AT" + b"&V" * 2046 + b"\r"
    hosts = []
    for _ in range(HOSTS):
        host = socket.create_connection(program.address, DEADLINE_S)
        host.sendall(line)
        hosts.append(host)
    assert program.quiet.is_answered_beside_work()
    assert program.resident_kib() - before_kib < HOSTS * HOST_KIB
    hosts[0].settimeout(DEADLINE_S)
    said = b""
    while not said.endswith(b"\r\nOK\r\n"):
        said = said[-64:] + hosts[0].recv(65536)
    for host in hosts:
        host.close()
