"""Budgets of the whole program: what is over them waits, the log says so, and nothing is lost."""

import concurrent.futures
import socket
import subprocess

import pytest

from host import DEADLINE_S, SocketLine, TcpLine
from modem import PROGRAM
from scripted_server import ScriptedServer, publish

MESSAGE = 250_000
HOSTS = 40


@pytest.fixture
def start_program(start_imqttd):
    def start(*options):
        modem = start_imqttd("--tcp", "127.0.0.1:0", *options)
        modem.address = modem.ready_tcp()
        return modem

    return start


def slow_hosts(modem, broker, topic, count):
    """Hosts that are subscribed and read nothing more; their sockets take little."""
    hosts = []
    for number in range(count):
        host = modem.adopt(TcpLine(modem.address, buffer_bytes=4096))
        host.turn_echo_off()
        host.connect(broker, client_id=f"{topic}-{number}")
        host.subscribe(topic, 1)
        hosts.append(host)
    return hosts


def read_three(host):
    return [host.received()[2][:1] for _ in range(3)]


def test_hosts_that_do_not_read_are_not_read_from(start_program, mosquitto, peer, client_id):
    """Three messages of 250 kB for each of 40 hosts; others are served meanwhile."""
    modem = start_program("--max-memory", "8M")
    hosts = slow_hosts(modem, mosquitto, client_id, HOSTS)
    reader = modem.tcp_host()
    reader.turn_echo_off()
    reader.connect(mosquitto, client_id=f"{client_id}-reader")
    before_kib = modem.resident_kib()
    for number in range(3):
        peer.publish(client_id, bytes([65 + number]) * MESSAGE, 1)
    modem.logged("memory", "modems whose hosts do not read are not read from")
    reader.subscribe("own", 1)
    peer.publish("own", "x" * 1000, 1)
    assert reader.received()[2] == b"x" * 1000
    assert modem.resident_kib() - before_kib < HOSTS * 2 * MESSAGE / 1024 * 0.75
    with concurrent.futures.ThreadPoolExecutor(HOSTS) as readers:
        for said in readers.map(read_three, hosts):
            assert said == [b"A", b"B", b"C"]
    modem.logged("memory", "all are read from again")


@pytest.fixture
def silent_server():
    server = ScriptedServer()
    yield server
    server.close()


def connect_to(server, modem):
    host = modem.tcp_host()
    host.turn_echo_off()
    host.configure(server)
    host.command("AT+IMQTTCONN")
    line = server.accept()
    line.welcome()
    host.urc(r"\+IMQTTCONN:0")
    return host, line


def test_when_all_is_in_use_the_largest_wait(start_program, silent_server):
    """Brokers that send all but the end of a message: each modem would hold it until it comes."""
    modem = start_program("--max-memory", "2M")
    message = publish("t", "m" * MESSAGE, 0)
    pairs = [connect_to(silent_server, modem) for _ in range(8)]
    for _, line in pairs:
        line.send(message[:-1])
    modem.logged("memory", "no modem begins")
    with socket.create_connection(modem.address, DEADLINE_S) as late:
        modem.logged("tcp 127.0.0.1", "half of max-memory is in use")
        for host, line in pairs:
            assert host.command("AT") == []
            line.send(message[-1:])
        for host, _ in pairs:
            assert len(host.received()[2]) == MESSAGE
        late.sendall(b"ATE0\r")
        late.settimeout(DEADLINE_S)
        assert late.recv(16)
        modem.logged("tcp 127.0.0.1", "connections are accepted again")
    for _, line in pairs:
        line.close()


def test_half_of_the_descriptors_are_for_brokers(start_program, mosquitto, client_id):
    """More hosts than there is room for: those that are let in can connect, the others wait."""
    modem = start_program("--max-files", "64")
    lines = [socket.create_connection(modem.address, DEADLINE_S) for _ in range(60)]
    modem.logged("tcp 127.0.0.1", "half of max-files are in use")
    hosts = []
    for number in range(10):
        host = modem.adopt(SocketLine(lines[number]))
        host.turn_echo_off()
        host.connect(mosquitto, client_id=f"{client_id}-{number}")
        hosts.append(host)
    last = modem.adopt(SocketLine(lines[-1]))
    last.send("AT")
    assert hosts[0].command("AT") == []
    assert last.pending == b""
    for line in lines[10:-1]:
        line.close()
    last.expect(r"OK\r\n")
    modem.logged("tcp 127.0.0.1", "connections are accepted again")


@pytest.mark.parametrize("option", [("--max-memory", "0M"), ("--max-memory", "many"),
                                    ("--max-memory", "512K"), ("--max-files", "3")])
def test_a_budget_that_cannot_be(option):
    command = [PROGRAM, "--stdio", *option]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 2
    assert option[0] in result.stderr
