"""A broker that is killed and comes back, and all its clients with it: how they spread."""

import contextlib
import selectors
import socket
import subprocess
import threading
import time

from figures import Figure
from lab import IMQTTD, Program, TOPIC, WITHIN_S, running
from report import Aim, Table

TITLE = "A broker comes back"
CLIENTS = 1000
OUTAGE_MS = 10_000
BACK_OFF = "1s..60s"
BUSY_MS = 100  # the unit in which a storm is counted

FULLEST_AIM_PERCENT = 10  # of the clients, in the fullest 100 ms behind the return
BACK_AIM_S = 30  # a fifth more than what the back-off has come to, and the connecting itself


def measure(lab):
    """{clients, outage_s, who: {name: {column: [sample]}}}"""
    number, outage_s = lab.effort.of(CLIENTS, at_least=10), lab.effort.of(OUTAGE_MS, at_least=100) / 1000
    samples = {who.name: [] for who in WHO}
    for _ in range(lab.effort.rounds):
        for who in WHO:
            samples[who.name].append(_outage(lab, who, number, outage_s))
    columns = {who: {name: [row[name] for row in rows] for name in rows[0]} for who, rows in samples.items()}
    return {"clients": number, "outage_s": outage_s, "who": columns}


def _outage(lab, who, number, outage_s):
    with lab.mosquitto() as broker:
        with who.session(lab, broker.port, number):
            _await_subscribers(broker, number)
            broker.kill()
            refused = _turn_away(broker.port, outage_s)
            broker.start()
            start_s = time.monotonic()
            arrived = _arrivals(broker, number)
        return {
            "attempts": len(refused) / number,
            "fullest_away": 100 * _fullest(refused) / number,
            "fullest_back": 100 * _fullest(arrived) / number,
            "back_s": max(arrived) - start_s,
        }


# ---- what the broker's computer sees ------------------------------------------------------------


def _turn_away(port, seconds):
    """Nobody's broker: takes connections and closes them. When each came."""
    came, end_s = [], time.monotonic() + seconds
    with socket.create_server(("127.0.0.1", port), backlog=4096) as listener:
        while (left_s := end_s - time.monotonic()) > 0:
            listener.settimeout(left_s)
            with contextlib.suppress(TimeoutError):
                listener.accept()[0].close()
                came.append(time.monotonic())
    return came


def _await_subscribers(broker, number):
    for _ in range(number):
        while not broker.process.line("", within_s=WITHIN_S).endswith(f" {TOPIC}"):
            pass


def _arrivals(broker, number):
    """When each client connected. Whether it subscribes is its own affair: its SUBACK may have been lost."""
    came = []
    while len(came) < number:
        broker.process.line("New client connected", within_s=WITHIN_S)
        came.append(time.monotonic())
    return came


def _fullest(times):
    """The most that came within BUSY_MS."""
    times, first, most = sorted(times), 0, 0
    for last, time_s in enumerate(times):
        while time_s - times[first] >= BUSY_MS / 1000:
            first += 1
        most = max(most, last - first + 1)
    return most


# ---- who comes back -----------------------------------------------------------------------------


class Modems:
    name = f"imqttd, reconnect = {BACK_OFF}"

    @contextlib.contextmanager
    def session(self, lab, port, number):
        config = lab.path("config")
        config.write_text(f"[modem m]\ntcp = 127.0.0.1:0\necho = no\nboot-urcs = no\nreconnect = {BACK_OFF}\n")
        daemon = Program(IMQTTD, "--config", config)
        with running(daemon, daemon.terminate), contextlib.ExitStack() as stack:
            terminal = daemon.line("ready").split()[-1].rpartition(":")[2]
            hosts = [stack.enter_context(Host(terminal)) for _ in range(number)]
            with reading(hosts):
                for index, host in enumerate(hosts):
                    host.type(f'AT+IMQTTADDR="127.0.0.1",{port},"m{index}"', "AT+IMQTTCONN")
                yield


class Host(socket.socket):
    """Has a modem connect, and subscribe when it is connected for the first time."""

    def __init__(self, terminal):
        super().__init__()
        self.connect(("127.0.0.1", int(terminal)))
        self._said, self._has_subscribed = b"", False

    def type(self, *lines):
        self.sendall("".join(f"{line}\r" for line in lines).encode())

    def read(self):
        """Whether there is more to come."""
        came = self.recv(65536)
        self._said += came
        if b"+IMQTTCONN:0" in self._said and not self._has_subscribed:
            self._has_subscribed = True
            self.type(f"AT+IMQTTSUB={TOPIC},1")
        return came != b""


@contextlib.contextmanager
def reading(hosts):
    """In a thread: what the modems say."""
    selector, (stop, stopped) = selectors.DefaultSelector(), socket.socketpair()
    for each in (*hosts, stopped):
        selector.register(each, selectors.EVENT_READ)
    reader = threading.Thread(target=_read_all, args=(selector, stopped), daemon=True)
    reader.start()
    yield
    stop.close()
    reader.join()


def _read_all(selector, stopped):
    while True:
        for key, _ in selector.select():
            if key.fileobj is stopped:
                return
            if not key.fileobj.read():
                selector.unregister(key.fileobj)


class Subscribers:
    """As many mosquitto_sub, each a program of its own."""

    name = "mosquitto_sub"

    @contextlib.contextmanager
    def session(self, _lab, port, number):
        children = []
        try:
            for index in range(number):
                command = f"mosquitto_sub -p {port} -i s{index} -q 1 -t {TOPIC}"
                children.append(subprocess.Popen(
                    command.split(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                ))
            yield
        finally:
            for child in children:
                child.kill()
            for child in children:
                child.wait()


WHO = [Modems(), Subscribers()]

# ---- what it shows ------------------------------------------------------------------------------

COLUMNS = {
    "attempts": "attempts of a client in vain",
    "fullest_away": "% in their fullest 100 ms",
    "fullest_back": "% in the fullest 100 ms of the return",
    "back_s": "all subscribed again after, s",
}


def tables(results):
    heading = f"{results['clients']:,} clients, broker away for {results['outage_s']:g} s"
    rows = [
        [who, *(Figure(samples[column]) for column in COLUMNS)] for who, samples in results["who"].items()
    ]
    return {"reconnect": Table([heading, *COLUMNS.values()], rows)}


def aims(results):
    ours, case = results["who"][Modems.name], f"{results['clients']:,} modems"
    yield Aim("a broker comes back: modems in its fullest 100 ms", case, Figure(ours["fullest_back"]),
              FULLEST_AIM_PERCENT, " %")
    yield Aim("a broker comes back: all are there again", case, Figure(ours["back_s"]), BACK_AIM_S, " s")
