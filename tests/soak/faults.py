"""What happens to the modems: connections are cut or fall silent, hosts stall, the broker dies.

What, when and to whom is drawn from the seed; all of it has ended when run() returns.
"""

import asyncio
import collections
import os
import signal
import time

HELD_S = (0.5, 8)
STALLED_S = (0.5, 8)
DOWN_S = (0.1, 3)
MODEMS_A_FAULT = 80  # of so many modems one is hit every second
RESTART_EVERY_S = 20


class Faults:
    def __init__(self, random, seconds, hosts, wires, broker, collector, ledger):
        self._random, self._seconds = random, seconds
        self._hosts, self._wires = hosts, wires
        self._broker, self._collector, self._ledger = broker, collector, ledger
        self._begun = []
        self.counts = collections.Counter()

    async def run(self):
        """For those seconds, and until everything is whole again."""
        await asyncio.gather(self._trouble_modems(), self._trouble_broker())
        await asyncio.gather(*self._begun)

    async def _trouble_modems(self):
        end = time.monotonic() + self._seconds
        rate = len(self._hosts) / MODEMS_A_FAULT
        while time.monotonic() < end:
            await asyncio.sleep(self._random.expovariate(rate))
            fault = self._random.choices((self._cut, self._silence, self._stall), (4, 2, 3))[0]
            self._begun.append(asyncio.create_task(fault()))

    def _some_wire(self):
        live = [wire for wires in self._wires for wire in wires.live]
        return self._random.choice(live) if live else None

    async def _cut(self):
        if wire := self._some_wire():
            self.counts["connections cut"] += 1
            wire.cut()

    async def _silence(self):
        """Nothing passes for a while; then what was held does, or all of it is lost."""
        seconds, is_lost = self._random.uniform(*HELD_S), self._random.random() < 0.5
        if wire := self._some_wire():
            self.counts["connections silenced"] += 1
            wire.hold()
            await asyncio.sleep(seconds)
            wire.cut() if is_lost else wire.release()

    async def _stall(self):
        """A host stops reading, and just then much is sent to it."""
        host, seconds = self._random.choice(self._hosts), self._random.uniform(*STALLED_S)
        if not host.is_reading.is_set():
            return
        self.counts["hosts stalled"] += 1
        host.is_reading.clear()
        self._collector.publish_burst(host.number)
        await asyncio.sleep(seconds)
        host.is_reading.set()

    async def _trouble_broker(self):
        end = time.monotonic() + self._seconds
        every_s = min(RESTART_EVERY_S, self._seconds / 4)
        kill_first = self._random.random() < 0.5
        while True:
            pause_s = self._random.uniform(0.5, 1.5) * every_s
            if time.monotonic() + pause_s > end:
                return
            await asyncio.sleep(pause_s)
            count = self.counts["broker killed"] + self.counts["broker restarted"]
            await (self._kill_broker if count % 2 == kill_first else self._restart_broker)()

    async def _restart_broker(self):
        """SIGTERM: it writes everything first."""
        self.counts["broker restarted"] += 1
        await asyncio.to_thread(self._broker.stop)
        await self._start_broker()

    async def _kill_broker(self):
        """SIGKILL: it starts from its last snapshot; whose time is read while it stands still."""
        self.counts["broker killed"] += 1
        os.kill(self._broker.process.child.pid, signal.SIGSTOP)
        snapshot_s = self._broker.snapshot.stat().st_mtime
        await asyncio.to_thread(self._broker.kill)
        self._ledger.kill(snapshot_s, time.time())
        await self._start_broker()

    async def _start_broker(self):
        await asyncio.sleep(self._random.uniform(*DOWN_S))
        await asyncio.to_thread(self._broker.start)
