"""What was published, what was reported about it, and what arrived where: the accounts of a soak.

A broker that is killed forgets what it had not written. Each kill is therefore entered with the
time of the snapshot that the broker starts from again: what it was handed between the two is
uncertain, through no fault of the modem's, and is counted by itself. All else must balance.
"""

import asyncio
import collections
import dataclasses
import random
import time
import zlib

SNAPSHOT_TAKES_S = 1  # before the file's time: a snapshot holds nothing younger than its beginning
ON_ITS_WAY_S = 1  # from a broker that is dead already to the collector


@dataclasses.dataclass(slots=True)
class Request:
    """Publishes of one host that were under way together; no report says whose it is."""

    qos: int
    to: int  # the number of the host that it goes to
    begun_s: float
    accepted: int = 0
    acknowledged: int = 0
    failed: int = 0
    ended_s: float = 0.0
    messages: list = dataclasses.field(default_factory=list)

    def __str__(self):
        numbers = ", ".join(str(message.number) for message in self.messages)
        return (
            f"QoS {self.qos} to host {self.to}: {self.accepted} accepted, {self.acknowledged} "
            f"reported 0, {self.failed} reported 1; messages {numbers}"
        )

    @property
    def unreported(self):
        return self.accepted - self.acknowledged - self.failed

    def report(self, status):
        if status == 0:
            self.acknowledged += 1
        else:
            self.failed += 1
        self.ended_s = time.time()


@dataclasses.dataclass(slots=True)
class Message:
    number: int
    request: Request
    check: int
    refused: bool = False
    collected: int = 0
    first_s: float = 0.0
    last_s: float = 0.0
    at_host: int = 0


class Ledger:
    def __init__(self, keeps_its_session):
        """keeps_its_session(number of a host): whether messages wait for it while it is away."""
        self.requests, self.messages = [], []
        self.wrong = []  # what must not have happened, in words
        self.counts = collections.Counter()
        self._keeps_its_session = keeps_its_session
        self._kills = []
        self._arrival = asyncio.Event()

    # ---- entries

    def begin(self, qos, to):
        self.requests.append(Request(qos, to, time.time()))
        return self.requests[-1]

    def write(self, request, size, printable):
        """A new message of that request: (message, payload). No two payloads are alike."""
        number = len(self.messages)
        filler = random.Random(number).randbytes(size)
        payload = b"%d " % number + (filler.hex().encode()[:size] if printable else filler)
        message = Message(number, request, zlib.crc32(payload))
        self.messages.append(message)
        request.messages.append(message)
        return message, payload

    def collect(self, topic, payload, at_s):
        """The collector, which is subscribed to everything, got that."""
        if message := self._known(topic, payload, "the collector"):
            message.collected += 1
            message.first_s = message.first_s or at_s
            message.last_s = at_s

    def deliver(self, host, topic, payload):
        message = self._known(topic, payload, f"host {host}")
        if message and message.request.to == host:
            message.at_host += 1
        elif message:
            self.object(f"host {host} got message {message.number}, which is not for it")

    def _known(self, topic, payload, where):
        self._arrival.set()
        number = payload.partition(b" ")[0]
        message = None
        if number.isdigit() and int(number) < len(self.messages):
            message = self.messages[int(number)]
        if not message or message.refused or message.check != zlib.crc32(payload):
            self.object(f"{where} got what was never sent: {payload[:80]!r}")
            return None
        if topic != topic_of(message.request.to):
            self.object(f"{where} got message {message.number} on {topic}")
        return message

    def object(self, what):
        self.wrong.append(what)

    def kill(self, snapshot_s, killed_s):
        """The broker was killed; it starts again from the snapshot of that time."""
        self._kills.append((snapshot_s - SNAPSHOT_TAKES_S, killed_s))

    async def until(self, is_so, within_s):
        """Waits for arrivals until is_so(); whether it came to that in time."""
        end = time.monotonic() + within_s
        while not is_so():
            self._arrival.clear()
            try:
                await asyncio.wait_for(self._arrival.wait(), end - time.monotonic())
            except asyncio.TimeoutError:
                return is_so()
        return True

    # ---- the balance

    def reconcile(self):
        for request in self.requests:
            self._count(request)
            if request.unreported:
                self.object(f"no report: {request}")
            if request.qos > 0:
                self._balance(request, "the collector", lambda message: message.collected)
            if request.qos > 0 and self._keeps_its_session(request.to):
                self._balance(request, f"host {request.to}", lambda message: message.at_host)
        for message in self.messages:
            self._check_copies(message)

    def _count(self, request):
        self.counts["accepted", request.qos] += request.accepted
        self.counts["acknowledged", request.qos] += request.acknowledged
        self.counts["failed", request.qos] += request.failed
        if request.qos > 0 and self._is_uncertain(request.begun_s, request.ended_s):
            self.counts["uncertain"] += request.acknowledged
        self.counts["refused"] += sum(message.refused for message in request.messages)
        for message in request.messages:
            self.counts["collected", request.qos] += message.collected > 0
            self.counts["copies", request.qos] += max(0, message.collected - 1)
            self.counts["at hosts"] += message.at_host

    def _balance(self, request, where, copies):
        arrived = sum(copies(message) > 0 for message in request.messages)
        missing = request.acknowledged - arrived
        if self._is_uncertain(request.begun_s, request.ended_s):
            self.counts["forgotten"] += max(0, missing)
        elif missing > 0:
            self.object(f"{missing} reported 0 did not reach {where}: {request}")

    def _check_copies(self, message):
        if message.request.qos == 0 and max(message.collected, message.at_host) > 1:
            self.object(f"QoS 0 arrived more than once: message {message.number}")
        if message.request.qos == 2 and message.collected > 1:
            if self._may_be_repeated(message):
                self.counts["doubled"] += 1
            else:
                self.object(f"QoS 2 arrived {message.collected} times: message {message.number}")

    def _is_uncertain(self, begun_s, ended_s):
        return any(begun_s < killed and ended_s > snapshot for snapshot, killed in self._kills)

    def _may_be_repeated(self, message):
        """Handed on after a snapshot, which does not know of it, and again by the next life."""
        return any(
            snapshot < message.first_s < killed + ON_ITS_WAY_S and killed < message.last_s
            for snapshot, killed in self._kills
        )


def topic_of(host):
    return f"soak/{host}"
