"""Where it happens: a broker that costs next to nothing, and a real one, with the same questions."""

import contextlib

from lab import TOPIC, WITHIN_S


class Sink:
    """peers/sink.c: acknowledges publishes, and is the source of what is received."""

    name = "sink"
    window = 1000  # of a source, QoS 1

    def __init__(self, port):
        self.port = port

    def topic(self, count):
        return f"source/{count}/{self.window}"

    def publishing(self, _lab, _qos, _count, _topic):
        return contextlib.nullcontext()

    def wait_until_gone(self, client_id):
        pass

    def wait_for_subscription(self, client_id):
        pass


class Real:
    """Mosquitto. What is received is published by the bare socket client."""

    name = "Mosquitto"

    def __init__(self, broker):
        self.port = broker.port
        self._process = broker.process

    def topic(self, _count):
        return TOPIC

    @contextlib.contextmanager
    def publishing(self, lab, qos, count, topic):
        with lab.program("socket_client", self.port) as publisher:
            publisher.ask("connect", "connected")
            publisher.tell(f"publish {qos} {count} {topic}")
            yield
            publisher.numbers("published")

    def wait_until_gone(self, client_id):
        """Then it has taken all that this client has published."""
        self._process.line(client_id, "disconnected", within_s=WITHIN_S)

    def wait_for_subscription(self, client_id):
        self._process.line(client_id, TOPIC, within_s=WITHIN_S)


@contextlib.contextmanager
def both(lab):
    with lab.sink() as port, lab.mosquitto() as broker:
        yield [Sink(port), Real(broker)]
