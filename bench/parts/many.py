"""Many modems in one imqttd, and as many clients of the libraries in one process beside it."""

import time

import contestants
from certificates import Authority
from figures import Figure
from lab import TOPIC, cpu_ns, holdings, kernel_kib
from pictures import Curves
from report import Aim, Table

TITLE = "Many modems"
NUMBERS = [1, 10, 100, 1000, 10_000]
MESSAGES = 500_000  # of a run, by all modems together, QoS 1: a second and more
LIBRARY_MESSAGES = 50_000
IDLE_S = 62  # a keep-alive period: every modem has to speak once
MEMORY_FROM = 100  # clients; with fewer, what each costs drowns in what the process does
PAUSE_S = 3  # then a modem has given back what it needed for its traffic
FLAT_UP_TO = 1000
SPARE_DESCRIPTORS = 64

USER_AIM_KIB, TLS_AIM_KIB = 12, 44
DESCRIPTORS_AIM = 2
IDLE_AIM = 1.0
FLAT_AIM = 1.15

MODEM = contestants.TcpModem()
LIBMOSQUITTO, PAHO = contestants.LIBRARIES
# Who takes part, and up to how many clients: Paho C takes minutes to connect more.
WHO = {MODEM: 10_000, LIBMOSQUITTO: 10_000, PAHO: 1000}
DESCRIPTORS = {MODEM: 2, LIBMOSQUITTO: 3, PAHO: 1}


def measure(lab):
    """{clients: {who: {number: {column: [sample]}}}, tls: [KiB], idle: [percent], idle_modems}"""
    results = {"clients": {}, "tls": [], "idle": []}
    with lab.sink() as port:
        for number in NUMBERS:
            _add(results["clients"], number, _side_by_side(lab, port, number))
        largest = _reachable(lab, MODEM, max(NUMBERS))
        results["idle_modems"] = largest
        for _ in range(lab.effort.rounds):
            results["idle"].append(_idle(lab, port, largest))
    results["tls"] = [_tls(lab) for _ in range(lab.effort.rounds)]
    return results


def _add(clients, number, samples):
    for who, rows in samples.items():
        if rows:
            columns = {name: [row[name] for row in rows] for name in rows[0]}
            clients.setdefault(who.name, {})[str(number)] = columns


def _reachable(lab, who, number):
    number = min(number, lab.effort.of(number * 10, at_least=10))
    return min(number, (lab.descriptors - SPARE_DESCRIPTORS) // DESCRIPTORS[who])


def _side_by_side(lab, port, number):
    who = [who for who in WHO if number <= min(WHO[who], _reachable(lab, who, number))]
    samples = {one: [] for one in who}
    for _ in range(lab.effort.rounds):
        for one in who:
            samples[one].append(_run(lab, one, port, number))
    return samples


def _run(lab, who, port, number):
    """Connects so many at once, then publishes on all of them."""
    messages = MESSAGES if who is MODEM else LIBRARY_MESSAGES
    count = max(lab.effort.of(messages), 2 * number)
    kernel = kernel_kib()
    with who.session(lab, port, number) as seat:
        (storm_ns,) = seat.worker.ask("connect", "connected")
        kernel = kernel_kib() - kernel
        held = each_of(seat, number)
        used_ns = cpu_ns(seat.pid)
        (time_ns,) = seat.worker.ask(f"publish 1 {count} {TOPIC}", "published")
        used_ns = cpu_ns(seat.pid) - used_ns
        time.sleep(PAUSE_S if number >= MEMORY_FROM else 0)
        after = each_of(seat, number)
    return {
        "storm_ms": storm_ns / 1e6,
        "messages_per_s": count / time_ns * 1e9,
        "cpu_us": used_ns / count / 1e3,
        "kernel_kib": kernel / number,
        **held,
        "after_kib": after["private_kib"],
    }


def each_of(seat, number):
    """What one of so many holds."""
    held = holdings(seat.pid)
    return {kind: (held[kind] - seat.empty[kind]) / number for kind in held}


def connected(lab, port, number, tls_ca=None):
    """What each of so many modems holds that are connected, and no more."""
    with MODEM.session(lab, port, number, tls_ca) as seat:
        seat.worker.ask("connect", "connected")
        return each_of(seat, number)


def each_further(lab, port, few, many):
    """What each modem more holds: without what the program does once, for the first of them."""
    some, all_of_them = (connected(lab, port, number) for number in (few, many))
    return {kind: (all_of_them[kind] * many - some[kind] * few) / (many - few) for kind in some}


def _idle(lab, port, number):
    """Percent of a core that so many connected modems use while nobody types."""
    period_s = lab.effort.of(IDLE_S)
    with MODEM.session(lab, port, number) as seat:
        seat.worker.ask("connect", "connected")
        used_ns = cpu_ns(seat.pid)
        time.sleep(period_s)
        return 100 * (cpu_ns(seat.pid) - used_ns) / (period_s * 1e9)


def _tls(lab):
    """KiB of a modem that is connected to Mosquitto over TLS."""
    number = lab.effort.of(1000, at_least=10)
    authority = Authority(lab.folder, "authority")
    certificate, key = authority.sign("localhost", "IP:127.0.0.1")
    with lab.mosquitto(f"certfile {certificate}", f"keyfile {key}") as broker:
        return connected(lab, broker.port, number, authority.certificate)["private_kib"]


# ---- what it shows ------------------------------------------------------------------------------

COLUMNS = {
    "private_kib": "KiB each",
    "after_kib": "KiB each after traffic",
    "kernel_kib": "kernel KiB each, both ends",
    "descriptors": "descriptors each",
    "storm_ms": "all connected after ms",
    "messages_per_s": "1,000 msg/s in all",
    "cpu_us": "µs CPU a message",
}


def _figure(results, who, number, column):
    figure = Figure(results["clients"][who][str(number)][column])
    return figure.times(1e-3) if column == "messages_per_s" else figure


def _cell(results, who, number, column):
    if column.endswith("_kib") and int(number) < MEMORY_FROM:
        return None
    return _figure(results, who, number, column)


def tables(results):
    rows = [
        [f"{who}: {int(number):,}", *(_cell(results, who, number, column) for column in COLUMNS)]
        for who, numbers in results["clients"].items()
        for number in numbers
    ]
    extra = [
        ["a modem connected over TLS, KiB", Figure(results["tls"])],
        [f"idle CPU of {results['idle_modems']:,} modems, % of a core", Figure(results["idle"])],
    ]
    return {"many": Table(["", *COLUMNS.values()], rows), "many-more": Table(["", ""], extra)}


def aims(results):
    modem = results["clients"][MODEM.name]
    largest = max(modem, key=int)
    yield Aim(
        "memory of a connected modem", f"of {int(largest):,}",
        _figure(results, MODEM.name, largest, "private_kib"), USER_AIM_KIB, " KiB",
    )
    yield Aim("memory of a modem connected over TLS", "", Figure(results["tls"]), TLS_AIM_KIB, " KiB")
    yield Aim(
        "descriptors of a modem", "", _figure(results, MODEM.name, largest, "descriptors"),
        DESCRIPTORS_AIM,
    )
    yield Aim(
        "idle CPU", f"{results['idle_modems']:,} modems", Figure(results["idle"]), IDLE_AIM, " %"
    )
    yield from _flatness(results, modem)


def _flatness(results, modem):
    one = _figure(results, MODEM.name, 1, "cpu_us")
    for number in modem:
        if 1 < int(number) <= FLAT_UP_TO:
            yield Aim(
                "CPU a message, × that with one modem", f"{int(number):,} modems",
                _figure(results, MODEM.name, number, "cpu_us").over(one), FLAT_AIM,
            )


def pictures(results):
    return {
        "throughput": _against_number(results, "messages_per_s", "1,000 messages a second in all", 1),
        "memory": _against_number(results, "private_kib", "KiB each", MEMORY_FROM),
    }


def _against_number(results, column, label, at_least):
    curves = {
        who: [
            (int(number), _figure(results, who, number, column).median)
            for number in numbers
            if int(number) >= at_least
        ]
        for who, numbers in results["clients"].items()
    }
    return Curves("modems or clients", label, curves, logscale="x")
