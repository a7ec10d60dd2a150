"""TLS connections, from nothing to CONNACK: the modem against OpenSSL on a bare socket.

The broker leaves Nagle's algorithm on, as Mosquitto does by default. The modem resumes a session where
it was before, so its full handshakes go to hosts with new names, which are all the same broker.
"""

import os

from certificates import Authority
from figures import Figure
from report import Aim, Table

TITLE = "TLS connect"
CONNECTIONS = 20  # a round, of each kind
RATIO_AIM = 1.1
WAIT_AIM_MS = 40
VERSIONS = {"TLS 1.2": "tlsv1.2", "TLS 1.3": "tlsv1.3"}
DOMAIN = "bench.test"
MODEM, BARE = "imqttd", "bare OpenSSL"
KINDS = ["full", "resumed"]


def measure(lab):
    """{version: {kind: {who: [[ms], a round each]}}}"""
    authority = Authority(lab.folder, "authority")
    certificate, key = authority.sign(DOMAIN, f"DNS:*.{DOMAIN}")
    return {
        name: _of_version(lab, authority.certificate, certificate, key, version)
        for name, version in VERSIONS.items()
    }


def _of_version(lab, ca, certificate, key, version):
    times = {kind: {MODEM: [], BARE: []} for kind in KINDS}
    secure = (f"certfile {certificate}", f"keyfile {key}", f"tls_version {version}")
    with lab.mosquitto(*secure) as broker:
        for _ in range(lab.effort.rounds):
            for kind, ms in _modem_round(lab, broker.port, ca).items():
                times[kind][MODEM].append(ms)
            for kind, ms in _bare_round(lab, broker.port, ca).items():
                times[kind][BARE].append(ms)
    return times


def _modem_round(lab, port, ca):
    hosts = [f"h{i}.{DOMAIN}" for i in range(1 + lab.effort.of(CONNECTIONS, at_least=2))]
    ways = ",".join(f"{host}:{port}=127.0.0.1:{port}" for host in hosts)
    environment = {**os.environ, "IMQTT_CONNECT_TO": ways}
    options = ("--tcp", "127.0.0.1:0", "--tls-ca", ca)
    with lab.imqttd(*options, env=environment) as (_daemon, address):
        with lab.program("modem_connections", "tcp:" + address.rpartition(":")[2], port) as modem:
            # The first loads the authorities.
            times = [[_connect(modem, host) for _ in KINDS] for host in hosts][1:]
    return dict(zip(KINDS, map(list, zip(*times, strict=True)), strict=True))


def _bare_round(lab, port, ca):
    count = lab.effort.of(CONNECTIONS, at_least=2)
    with lab.program("tls_client", port, ca, f"h0.{DOMAIN}") as client:
        _connect(client, "full")
        return {kind: [_connect(client, kind) for _ in range(count)] for kind in KINDS}


def _connect(program, what):
    return program.ask(f"connect {what}", "connected")[0] / 1e6


def _medians(rounds):
    return Figure(Figure(times).median for times in rounds)


def tables(results):
    rows = []
    for version, kinds in results.items():
        for kind, by_who in kinds.items():
            own, bare = _medians(by_who[MODEM]), _medians(by_who[BARE])
            rows.append([f"{version}, {kind}", own, bare, own.over(bare), _slowest(by_who[MODEM])])
    return {"tls": Table(["ms to CONNACK", MODEM, BARE, "ratio", "imqttd's slowest"], rows)}


def _slowest(rounds):
    return max(time for times in rounds for time in times)


def aims(results):
    for version, kinds in results.items():
        for kind, by_who in kinds.items():
            yield Aim(
                "TLS: time to CONNACK, × bare OpenSSL's", f"{version}, {kind}",
                _medians(by_who[MODEM]).over(_medians(by_who[BARE])), RATIO_AIM,
            )
    slowest = max(_slowest(who[MODEM]) for kinds in results.values() for who in kinds.values())
    yield Aim("TLS: the slowest connection (no wait for a delayed ACK)", "", slowest, WAIT_AIM_MS, " ms")
