"""Name servers that do their worst, beside a quiet modem whose `AT` is answered within a tenth of a
second (quiet_modem.py)."""

import itertools
import multiprocessing
import random
import selectors
import socket
import struct

import pytest

from processes import DEADLINE_S
from quiet_modem import QuietModem

ASKING = 40  # hosts, each of which asks for a new name as soon as the last one failed

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


def test_a_name_server_that_lies(start_imqttd, lying_name_server, asking_hosts):
    inside = f'mount --bind {lying_name_server} $(readlink -f /etc/resolv.conf) && exec "$@"'
    modem = start_imqttd(
        "--tcp", "127.0.0.1:0", within=["unshare", "--mount", "sh", "-c", inside, "-"]
    )
    address = modem.ready_tcp()
    quiet = QuietModem(modem)
    asking_hosts(address)
    modem.logged("no connection to", ".test:1: dns ")
    modem.logged("no connection to", ".test:1: tcp ")
    assert quiet.is_answered_beside_work()
