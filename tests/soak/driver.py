"""A host and its driver: it configures its modem, connects, subscribes, publishes, and comes back.

Every word of the modem is accounted for: what comes unasked, twice or not at all is entered as
wrong.
"""

import asyncio
import contextlib
import dataclasses

from answers import Answers, Garbled
from host import SerialLine, TcpLine
from ledger import topic_of

ANSWER_S = 90  # for what must come; the host may be stalled meanwhile, and the machine busy
SMALL_BUFFER_BYTES = 8192  # so that a host that does not read is felt
GIVE_UP_AFTER = 3  # requests without an acknowledgement: then the driver connects anew


class NoAnswer(Exception):
    pass


@dataclasses.dataclass
class Plan:
    """Who a host is."""

    number: int
    terminal: object  # the path of a pseudo-terminal, or the (host, port) of TCP
    address: str  # of the broker, as it is configured
    port: int
    tls: bool
    clean: bool

    @property
    def is_tcp(self):
        return isinstance(self.terminal, tuple)

    @property
    def may_hang_up(self):
        """Then its modem is gone: only what no session promises may be lost with it."""
        return self.clean and self.is_tcp

    @property
    def may_store(self):
        """All TCP modems of a port share one record."""
        return not self.is_tcp


class Terminal:
    """The bytes of a terminal, for the loop."""

    def __init__(self, where):
        self._line = TcpLine(where, SMALL_BUFFER_BYTES) if isinstance(where, tuple) else (
            SerialLine(str(where))
        )
        self._loop = asyncio.get_running_loop()

    async def _ready(self, add, remove):
        ready = self._loop.create_future()
        add(self._line, lambda: ready.done() or ready.set_result(None))
        try:
            await ready
        finally:
            remove(self._line)

    async def read(self):
        await self._ready(self._loop.add_reader, self._loop.remove_reader)
        return self._line.read()

    async def write(self, data):
        while data:
            await self._ready(self._loop.add_writer, self._loop.remove_writer)
            data = data[self._line.write(data[:2048]):]

    async def turn_echo_off(self):
        """The first command, whose echo comes back with its answer."""
        await self.write(b"ATE0\r")
        answer, whole = b"", b"ATE0\r\r\nOK\r\n"
        while len(answer) < len(whole):
            answer += await self.read()
        assert answer == whole, answer

    def close(self):
        self._line.close()


class Host:
    def __init__(self, plan, random, ledger):
        self.plan, self.number = plan, plan.number
        self.is_reading = asyncio.Event()  # cleared: the host is stalled
        self.is_reading.set()
        self.is_leaving = asyncio.Event()  # set: enough has been published
        self.connects = self.losses = self.hang_ups = 0
        self._random, self._ledger = random, ledger
        self._state = "off"  # connecting, on
        self._request = self._message = None
        self._in_vain = 0
        self._expected, self._came = set(), {}  # kinds of parts that a command has
        self._news = asyncio.Event()

    # ---- what the modem says

    async def _listen(self):
        answers = Answers()
        try:
            while data := await self._hear():
                for part in answers.feed(data):
                    self._take(part)
                self._news.set()
            self._object("the modem hung up")
        except (Garbled, OSError) as error:
            self._object(f"{error!r}")

    async def _hear(self):
        await self.is_reading.wait()
        return await self._terminal.read()

    def _take(self, part):
        if part.kind == "message":
            self._ledger.deliver(self.number, part.text, part.payload)
        elif part.kind == "CONN":
            self._take_connection(part.numbers[0])
        elif part.kind in ("PUB", "PUBEX"):
            self._take_report(part)
        elif part.kind in self._expected:
            self._expected.remove(part.kind)
            self._came[part.kind] = part
            self._settle_message(part)
        else:
            self._object(f"unasked: {part}")

    def _take_connection(self, state):
        before, self._state = self._state, "on" if state == 0 else "off"
        if (before, state) not in (("connecting", 0), ("connecting", -1), ("on", -1)):
            self._object(f"+IMQTTCONN:{state} while {before}")
        if state == -1 and self._request and self._request.unreported:
            self._object(f"+IMQTTCONN:-1 before the reports of {self._request}")
        self.connects += state == 0
        self.losses += before == "on"

    def _take_report(self, part):
        if self._request and self._request.unreported:
            self._request.report(part.numbers[1])
        else:
            self._object(f"a report too many: {part}, {self._request}")

    def _settle_message(self, part):
        """OK and ERROR decide about a publish before anything that is behind them."""
        if part.kind == "final" and self._message:
            self._request.accepted += part.text == "OK"
            self._message.refused = part.text != "OK"
            self._message = None

    def _object(self, what):
        self._ledger.object(f"host {self.number}: {what}")

    # ---- what the driver types

    async def _until(self, is_so, what):
        end = asyncio.get_running_loop().time() + ANSWER_S
        while not is_so():
            self._news.clear()
            left_s = end - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(self._news.wait(), left_s)
            except asyncio.TimeoutError:
                raise NoAnswer(f"{what}: nothing for {ANSWER_S} s") from None

    async def _type(self, command, *others):
        """Types a command, and waits for its final result or one of the others."""
        self._came.clear()
        self._expected = {"final", *others}
        await self._terminal.write(command.encode() + b"\r")
        await self._until(lambda: self._came, command)

    async def _ends_well(self, command):
        """Waits for its final result, if that is still to come."""
        await self._until(lambda: "final" in self._came, command)
        return self._came["final"].text == "OK"

    async def ask(self, command):
        """Whether a command ends in OK."""
        await self._type(command)
        return await self._ends_well(command)

    async def _must(self, command):
        if not await self.ask(command):
            self._object(f"{command}: ERROR")

    # ---- what the driver does

    async def set_up(self):
        plan = self.plan
        self._terminal = Terminal(plan.terminal)
        await self._terminal.turn_echo_off()
        self._listener = asyncio.create_task(self._listen())
        await self._must(f"AT+IMQTTMODE=2,{plan.tls:d}")
        await self._must(f"AT+IMQTTPARA=TIMEOUT,3,CLEAN,{plan.clean:d},KEEPALIVE,60")
        await self._must(f"AT+IMQTTADDR={plan.address},{plan.port},soak{plan.number}")

    async def connect(self):
        """Until it is connected and subscribed."""
        while not await self._connect_once():
            await self._pause(0.2, 2)

    async def _connect_once(self):
        if self._state == "off":
            self._state = "connecting"
            await self._must("AT+IMQTTCONN")
            await self._until(lambda: self._state != "connecting", "+IMQTTCONN")
        return self._state == "on" and await self._subscribe()

    async def _subscribe(self):
        command = f"AT+IMQTTSUB={topic_of(self.number)},1"
        await self._type(command, "SUB")
        if not await self._ends_well(command):
            self._expected.discard("SUB")
            return False
        await self._until(lambda: "SUB" in self._came, "+IMQTTSUB")
        return self._came["SUB"].numbers[1] == 1

    async def _disconnect(self):
        await self.ask("AT+IMQTTDISCONN")  # ERROR when the connection was lost just before
        await self._until(lambda: self._state == "off", "+IMQTTCONN:-1")

    async def work(self, others):
        """Publishes to the others until it is to leave; then connected once more."""
        try:
            while not self.is_leaving.is_set():
                await self.connect()
                await self._do_something(others)
                await self._pause(0.3, 1.7)
            await self.connect()
        except (NoAnswer, OSError) as error:
            self._object(f"{error!r}")

    async def _do_something(self, others):
        chance = self._random.random()
        if chance < 0.01 or self._in_vain >= GIVE_UP_AFTER:
            self._in_vain = 0
            await self._disconnect()
        elif chance < 0.02 and self.plan.may_hang_up:
            await self._hang_up()
        elif chance < 0.1 and self.plan.may_store:
            await self._must("AT&W")
        else:
            await self._publish(self._random.choice(others))

    async def _pause(self, least_s, most_s):
        """A driver's own pace; it ends early when the host is to leave."""
        with contextlib.suppress(asyncio.TimeoutError):
            pause_s = self._random.uniform(least_s, most_s)
            await asyncio.wait_for(self.is_leaving.wait(), pause_s)

    async def _publish(self, to):
        """One to five messages, each as soon as the one before is accepted; then their reports."""
        request = self._request = self._ledger.begin(self._random.randrange(3), to)
        is_raw = self._random.random() < 0.3
        for _ in range(self._random.choice((1, 1, 1, 2, 5))):
            await (self._publish_raw if is_raw else self._publish_text)(request)
        await self._until(lambda: not request.unreported, "reports")
        self._in_vain = self._in_vain + 1 if request.failed else 0

    async def _publish_text(self, request):
        self._message, payload = self._ledger.write(request, self._size(), printable=True)
        await self.ask(f'AT+IMQTTPUB={topic_of(request.to)},{request.qos},"{payload.decode()}"')

    async def _publish_raw(self, request):
        self._message, payload = self._ledger.write(request, self._size(), printable=False)
        command = f"AT+IMQTTPUBEX={topic_of(request.to)},{request.qos},0,{len(payload)}"
        await self._type(command, "prompt")
        if "prompt" in self._came:
            await self._terminal.write(payload)
            await self._ends_well(command)

    def _size(self):
        return self._random.choice((20, 60, 60, 200, 900))

    async def _hang_up(self):
        """Its modem ends; another one takes over, which knows nothing."""
        await self.close()
        self._state = "off"
        self.hang_ups += 1
        await self.set_up()

    async def close(self):
        self._listener.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._listener
        self._terminal.close()
