"""Name servers that do their worst, beside a quiet modem whose `AT` is answered within a tenth of a
second (quiet_modem.py)."""

import itertools
import multiprocessing
import os
import random
import selectors
import socket
import struct

import pytest

from processes import DEADLINE_S
from quiet_modem import QuietModem

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="has a resolv.conf of its own")

ASKING = 40  # hosts, each of which asks for a new name as soon as the last one failed

AT_A_TIME = 256  # names that are looked up

A, CNAME = 1, 5
GOOD, NO_SUCH_NAME = 0x8180, 0x8183


def answer(question, code=GOOD, count=0, kind=A, data=b""):
    record = struct.pack(">HHHIH", 0xC00C, kind, 1, 0, len(data)) + data
    return question[:2] + struct.pack(">HHHHH", code, 1, count, 0, 0) + question[12:] + record * count


def is_silent(question):
    return b""


def says_nonsense(question):
    return question[:2] + random.randbytes(500)


def says_no_such_name(question):
    return answer(question, NO_SUCH_NAME)


def says_it_is_another_name_of_itself(question):
    return answer(question, count=30, kind=CNAME, data=b"\xc0\x0c")


def says_many_addresses(question):
    return answer(question, count=28, data=bytes([127, 0, 0, 1]))


def answers_another_question(question):
    return answer(bytes([question[0] ^ 0xFF]) + question[1:])


def promises_more_than_it_says(question):
    return answer(question, count=28, data=bytes(4))[:-50]


LIES = [
    is_silent, says_nonsense, says_no_such_name, says_it_is_another_name_of_itself,
    says_many_addresses, answers_another_question, promises_more_than_it_says,
]


def lie(server):
    for say in itertools.cycle(LIES):
        question, sender = server.recvfrom(512)
        try:
            server.sendto(say(question), sender)
        except OSError:
            pass  # nobody waits for it any more


@pytest.fixture
def lying_name_server(tmp_path):
    """-> its resolv.conf"""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    address = f"127.{random.randint(1, 254)}.{random.randint(1, 254)}.53"
    server.bind((address, 53))
    liar = multiprocessing.Process(target=lie, args=(server,), daemon=True)
    liar.start()
    server.close()
    configuration = tmp_path / "resolv.conf"
    configuration.write_text(f"nameserver {address}\noptions timeout:1\n")
    yield configuration
    liar.kill()
    liar.join()


class Asking:
    """A host that connects to one name after the other."""

    def __init__(self, address):
        self.line = socket.create_connection(address, DEADLINE_S)
        self._said = b""
        self._count = 0
        self._ask()

    def _ask(self):
        name = f"n{self._count}.{self.line.getsockname()[1]}.test"
        self._count += 1
        self.line.sendall(f"ATE0\rAT+IMQTTADDR={name},1,x\rAT+IMQTTCONN\r".encode())

    def read(self):
        self._said += self.line.recv(4096)
        if b"+IMQTTCONN:-1" in self._said:
            self._said = b""
            self._ask()


def ask_on(address):
    lines = selectors.DefaultSelector()
    for host in [Asking(address) for _ in range(ASKING)]:
        lines.register(host.line, selectors.EVENT_READ, host.read)
    while True:
        for key, _ in lines.select():
            key.data()


@pytest.fixture
def asking_hosts():
    hosts = []

    def start(address):
        hosts.append(multiprocessing.Process(target=ask_on, args=(address,), daemon=True))
        hosts[-1].start()

    yield start
    for process in hosts:
        process.kill()
        process.join()


@pytest.fixture
def start_within(start_imqttd):
    """Starts a program that has this resolv.conf."""

    def start(configuration):
        inside = f'mount --bind {configuration} $(readlink -f /etc/resolv.conf) && exec "$@"'
        modem = start_imqttd(
            "--tcp", "127.0.0.1:0", within=["unshare", "--mount", "sh", "-c", inside, "-"]
        )
        modem.ready_tcp()
        return modem

    return start


def test_a_name_server_that_lies(start_within, lying_name_server, asking_hosts):
    modem = start_within(lying_name_server)
    quiet = QuietModem(modem)
    asking_hosts(modem.tcp_address)
    modem.logged("no connection to", ".test:1: dns ")
    modem.logged("no connection to", ".test:1: tcp ")
    assert quiet.is_answered_beside_work()


@pytest.fixture
def silent_name_server(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        address = f"127.{random.randint(1, 254)}.{random.randint(1, 254)}.53"
        server.bind((address, 53))
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        server.settimeout(DEADLINE_S)
        configuration = tmp_path / "resolv.conf"
        configuration.write_text(f"nameserver {address}\n")
        yield server, configuration


def next_new_name(server, asked):
    while True:
        question = server.recv(512)
        name = question[13 : 13 + question[12]]
        if name not in asked:
            asked.add(name)
            return


def test_so_many_names_are_looked_up_at_a_time(start_within, silent_name_server):
    server, configuration = silent_name_server
    modem = start_within(configuration)
    quiet = QuietModem(modem)
    hosts, asked = [], set()
    for number in range(AT_A_TIME + 20):
        host = socket.create_connection(modem.tcp_address, DEADLINE_S)
        host.sendall(b"ATE0\rAT+IMQTTADDR=n%d.test,1,x\rAT+IMQTTCONN\r" % number)
        hosts.append(host)
    while len(asked) < AT_A_TIME:
        next_new_name(server, asked)
    assert quiet.is_answered(20)
    server.setblocking(False)
    with pytest.raises(BlockingIOError):
        next_new_name(server, asked)
    server.settimeout(DEADLINE_S)
    hosts[0].sendall(b"AT+IMQTTDISCONN\r")
    next_new_name(server, asked)
    assert len(asked) == AT_A_TIME + 1
    for host in hosts:
        host.close()
