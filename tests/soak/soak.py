"""The soak: many modems of one imqttd work for minutes while everything around them fails.

script/soak starts it. At the end what was reported and what arrived must balance, and the daemon
must hold no more memory and no more descriptors than before.
"""

import argparse
import asyncio
import contextlib
import pathlib
import random
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "system"))

from brokers import Mosquitto  # noqa: E402
from certificates import Authority  # noqa: E402
from collector import Collector  # noqa: E402
from driver import Host, Plan  # noqa: E402
from faults import Faults  # noqa: E402
from gauge import NOISE, Gauge  # noqa: E402
from ledger import Ledger  # noqa: E402
from modem import Imqttd  # noqa: E402
from processes import free_port, holdings  # noqa: E402
from wires import Wires  # noqa: E402

MODEMS = 200
ONE_PTY_OF, ONE_TLS_OF, ONE_CLEAN_OF = 40, 20, 4
ONE_NAMED_OF = 5  # looks its broker up; the others have its address
SETTLE_S = 180  # for everything to connect, or to arrive
CHANGES_A_SNAPSHOT = 20
SHOWN = 20  # of what is wrong
PROGRESS_EVERY_S = 30


class SavingBroker(Mosquitto):
    """Mosquitto with a TLS port, which writes a snapshot of everything after every few changes."""

    def __init__(self, folder, authority):
        port, self.tls_port = free_port(), free_port()
        self.snapshot = folder / "mosquitto.db"
        certificate, key = authority.sign("localhost", "DNS:localhost,IP:127.0.0.1")
        super().__init__(
            folder,
            *("log_type error", "log_type information"),
            *("persistence true", f"persistence_location {folder}/"),
            *("autosave_on_changes true", f"autosave_interval {CHANGES_A_SNAPSHOT}"),
            *(f"listener {port} {self.host}", f"listener {self.tls_port} {self.host}"),
            *(f"certfile {certificate}", f"keyfile {key}"),
            port=port,
        )


class Soak:
    def __init__(self, options, folder):
        self._seconds, self._seed = options.minutes * 60, options.seed
        self._folder = folder
        self._numbers = range(options.modems)
        self._ledger = Ledger(lambda number: not self._is_clean(number))

    async def run(self):
        """Everything, from start to balance; the lines that are to be printed."""
        async with contextlib.AsyncExitStack() as self._stack:
            await self._start()
            self._before = holdings(self._modem.process.child.pid)
            await self._work()
            await self._arrive()
            self._at_s = await self._ask_everybody()
            self._after = holdings(self._modem.process.child.pid)
        self._ledger.reconcile()
        self._check_growth()
        return self._summary()

    @property
    def wrong(self):
        return self._ledger.wrong

    # ---- the parts, in the order in which they start

    async def _start(self):
        authority = Authority(self._folder, "authority")
        self._broker = SavingBroker(self._folder, authority)
        self._stack.callback(lambda: self._broker.kill())
        self._wires = [
            await self._open_wires("plain", self._broker.port),
            await self._open_wires("TLS", self._broker.tls_port),
        ]
        self._collector = Collector(self._broker, self._ledger)
        self._stack.callback(self._collector.close)
        self._start_modems(authority.certificate)
        self._hosts = [self._host(number) for number in self._numbers]
        await self._within(SETTLE_S, *(host.set_up() for host in self._hosts))
        self._stack.push_async_callback(self._close_hosts)
        await self._within(SETTLE_S, *(host.connect() for host in self._hosts))

    async def _open_wires(self, name, port):
        wires = Wires(port, random.Random(f"{self._seed} {name}"))
        await wires.open()
        self._stack.callback(wires.close)
        return wires

    def _start_modems(self, authority_file):
        links = [self._link(number) for number in self._numbers if number % ONE_PTY_OF == 0]
        ptys = [option for link in links for option in ("--pty", link)]
        self._modem = Imqttd(
            *("--tcp", "127.0.0.1:0", *ptys, "--state", self._folder / "state"),
            *("--tls-ca", authority_file, "--log", "error"),
        )
        self._stack.callback(self._modem.stop)
        self._modem.ready_tcp()
        for link in links:
            self._modem.ready_pty(link)

    def _link(self, number):
        return self._folder / f"modem{number}"

    def _is_clean(self, number):
        return number % ONE_CLEAN_OF == 1

    def _host(self, number):
        is_pty, has_tls = number % ONE_PTY_OF == 0, number % ONE_TLS_OF == 5
        terminal = self._link(number) if is_pty else self._modem.tcp_address
        wires = self._wires[has_tls]
        address = "localhost" if number % ONE_NAMED_OF == 0 else wires.host
        plan = Plan(number, terminal, address, wires.port, has_tls, self._is_clean(number))
        return Host(plan, random.Random(f"{self._seed} {number}"), self._ledger)

    async def _close_hosts(self):
        for host in self._hosts:
            await host.close()

    # ---- the work

    async def _within(self, seconds, *tasks):
        await asyncio.wait_for(asyncio.gather(*tasks), seconds)

    async def _work(self):
        faults = Faults(
            *(random.Random(self._seed), self._seconds, self._hosts, self._wires),
            *(self._broker, self._collector, self._ledger),
        )
        self._faults = faults.counts
        self._gauge = Gauge(self._modem.process.child.pid)
        watchers = [asyncio.create_task(self._gauge.run()), asyncio.create_task(self._progress())]
        work = asyncio.gather(*(host.work(self._numbers) for host in self._hosts))
        await faults.run()
        for watcher in watchers:
            watcher.cancel()
        for host in self._hosts:
            host.is_leaving.set()
        await self._within(SETTLE_S, work)

    async def _progress(self):
        begun = time.monotonic()
        while True:
            await asyncio.sleep(PROGRESS_EVERY_S)
            held = self._gauge.samples[-1][1]
            print(
                f"{time.monotonic() - begun:6.0f} s  {len(self._ledger.messages):7} messages "
                f"{sum(host.losses for host in self._hosts):6} connections lost "
                f"{held['resident_kib']:7} KiB {held['descriptors']:4} descriptors "
                f"{len(self._ledger.wrong):3} wrong",
                flush=True,
            )

    async def _arrive(self):
        """A last message to each host: what was sent before it has then arrived, or never will."""
        last = [self._collector.publish(number) for number in self._numbers]
        is_there = await self._ledger.until(
            lambda: all(message.collected and message.at_host for message in last), SETTLE_S
        )
        if not is_there:
            away = [each.request.to for each in last if not (each.collected and each.at_host)]
            self._ledger.object(f"the last message did not reach hosts {away}")

    async def _ask_everybody(self):
        """Each modem answers AT; how long the slowest took, seconds."""
        async def ask(host):
            begun = time.monotonic()
            if not await host.ask("AT"):
                self._ledger.object(f"host {host.number}: AT was answered ERROR")
            return time.monotonic() - begun

        return max(await asyncio.gather(*map(ask, self._hosts)))

    # ---- the balance

    def _check_growth(self):
        self._slopes = {what: self._gauge.slope(what) for what in NOISE}
        for what, slope in self._slopes.items():
            if slope and slope[0] > slope[1]:
                self._ledger.object(f"{what}: {_slope_text(slope)}")
        if self._after["descriptors"] > self._before["descriptors"]:
            self._ledger.object("more descriptors after than before")

    def _summary(self):
        counts, ledger = self._ledger.counts, self._ledger
        yield f"seed {self._seed}, {len(self._hosts)} modems, {self._seconds / 60:g} minutes"
        yield "faults: " + ", ".join(f"{many} {what}" for what, many in self._faults.items())
        yield (
            f"hosts: {sum(host.connects for host in self._hosts)} connects, "
            f"{sum(host.losses for host in self._hosts)} losses reported, "
            f"{sum(host.hang_ups for host in self._hosts)} hang-ups"
        )
        for qos in range(3):
            yield (
                f"QoS {qos}: {counts['accepted', qos]} accepted = "
                f"{counts['acknowledged', qos]} reported 0 + {counts['failed', qos]} reported 1; "
                f"{counts['collected', qos]} arrived, {counts['copies', qos]} more copies"
            )
        yield f"at the hosts: {counts['at hosts']} messages; ERROR to {counts['refused']} publishes"
        yield (
            f"handed to a broker just before SIGKILL: {counts['uncertain']}, of which it forgot "
            f"{counts['forgotten']} and repeated {counts['doubled']} of QoS 2"
        )
        for what, slope in self._slopes.items():
            before, after = self._before[what], self._after[what]
            yield f"{what}: {before} before, {after} after, {_slope_text(slope)}"
        yield f"AT: every modem answered, the slowest after {self._at_s:.2f} s"
        yield from (f"WRONG: {what}" for what in ledger.wrong[:SHOWN])
        yield f"{'failed' if ledger.wrong else 'passed'}: {len(ledger.wrong)} wrong"


def _slope_text(slope):
    if not slope:
        return "too short for a slope"
    return f"{slope[0]:+.1f} a minute in the second half (at most {slope[1]:.1f})"


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="script/soak")
    parser.add_argument("minutes", type=float)
    parser.add_argument("--seed", type=int, default=random.randrange(1000000))
    parser.add_argument("--modems", type=int, default=MODEMS)
    return parser.parse_args(arguments)


def main():
    options = options_of(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="imqtt-soak.") as folder:
        soak = Soak(options, pathlib.Path(folder))
        for line in asyncio.run(soak.run()):
            print(line)
    sys.exit(1 if soak.wrong else 0)


if __name__ == "__main__":
    main()
