"""Hosts that read as real drivers do, with pyserial and timeouts, from power-on to the first message.
What those drivers send is in tests/transcripts/driver-*.at; here is how they listen."""

import subprocess
import time

import pytest
import serial

from processes import DEADLINE_S

TIMEOUT_S = 20  # more patient than a real driver: the sanitizers are slow


class LineClient:
    """RT-Thread's AT client, and many like it: reads lines, a command ends with a line that has OK
    or ERROR in it, lines with a known beginning are unsolicited."""

    URCS = ("RDY", "+CPIN: READY", "+IMQTTCONN:", "+IMQTTSUB:", "+IMQTTPUB:", "+IMQTTRCVPUB:")

    def __init__(self, port):
        self.port = port
        self.port.timeout = TIMEOUT_S
        self.unsolicited = []

    def read_line(self):
        line = self.port.read_until(b"\n")
        assert line.endswith(b"\n"), f"no line in time: {line!r}"
        return line.strip(b"\r\n").decode()

    def execute(self, command):
        """(lines, whether it ended in OK)"""
        self.port.write(command.encode() + b"\r\n")
        lines = []
        while True:
            line = self.read_line()
            if line == "OK" or "ERROR" in line:
                return lines, line == "OK"
            if line.startswith(self.URCS) and command != "AT+CPIN?":
                self.unsolicited.append(line)
            elif line not in ("", command):
                lines.append(line)

    def wait(self, start):
        while not any(line.startswith(start) for line in self.unsolicited):
            line = self.read_line()
            if line:
                self.unsolicited.append(line)
        (found,) = [line for line in self.unsolicited if line.startswith(start)]
        self.unsolicited.remove(found)
        return found


class StreamClient:
    """TinyGSM: reads byte by byte and looks at the end of what came, for one of some endings."""

    def __init__(self, port):
        self.port = port
        self.port.timeout = 0.1

    def wait_response(self, *endings, within_s=TIMEOUT_S):
        """Which ending it was, from 1; 0: none in time."""
        endings = endings or ("OK\r\n", "ERROR\r\n")
        end, self.data = time.monotonic() + within_s, ""
        while time.monotonic() < end:
            self.data += self.port.read(1).decode()
            for number, ending in enumerate(endings, 1):
                if self.data.endswith(ending):
                    return number
        return 0

    def send(self, command):
        self.port.write(f"AT{command}\r\n".encode())

    def says_ok(self, command):
        self.send(command)
        return self.wait_response() == 1

    def test_at(self):
        """Until there is an OK. The real one asks every 200 ms, which a busy machine answers twice."""
        end = time.monotonic() + 2 * TIMEOUT_S
        while time.monotonic() < end:
            self.send("")
            if self.wait_response(within_s=5) == 1:
                return True
        return False


class PrefixClient:
    """The ICA adapter of Alibaba's Link SDK: finds a known beginning anywhere, takes all up to CR LF,
    and splits it at colons, commas and quotes."""

    def __init__(self, port):
        self.port = port
        self.port.timeout = TIMEOUT_S

    def next(self):
        """What follows the next known beginning, with the beginning."""
        came = b""
        while not any(came.endswith(start) for start in (b"+IMQTT", b"+CME", b"OK", b"ERROR")):
            byte = self.port.read(1)
            assert byte, f"nothing known came in time: {came!r}"
            came += byte
        start = max((b"+IMQTT", b"+CME", b"OK", b"ERROR"), key=lambda text: came.rfind(text))
        return (start + self.port.read_until(b"\r\n")).decode().removesuffix("\r\n")

    def simple(self, command):
        """A failure with 3 is one that does not matter: connected, or not, already."""
        self.port.write(f"{command}\r\n".encode())
        answer = self.next()
        assert answer == "OK" or answer == "+CME ERROR: 3", answer

    def request(self, command, answer):
        """Waits for the URC; the OK before it is passed over. (packet id, status)"""
        self.port.write(f"{command}\r\n".encode())
        while not (line := self.next()).startswith(answer):
            assert line == "OK", line
        packet_id, _, status = line.partition(":")[2].partition(",")
        return int(packet_id), int(status)

    def message(self):
        line = self.next()
        assert line.startswith("+IMQTTRCVPUB:"), line
        _, topic, rest = line.split('"', 2)
        length, _, payload = rest.strip(",").partition(',"')
        return topic, payload[: int(length)]


@pytest.fixture(params=["pty", "tcp"])
def port(request, start_imqttd, tmp_path):
    """pyserial's port on a modem that has just been switched on, with boot URCs and echo."""
    if request.param == "pty":
        modem = start_imqttd("--pty", tmp_path / "modem", boot_urcs=True)
        modem.ready_pty(tmp_path / "modem")
        port = serial.Serial(str(tmp_path / "modem"), 115200)
    else:
        modem = start_imqttd("--tcp", "127.0.0.1:0", boot_urcs=True)
        port = serial.serial_for_url("socket://%s:%d" % modem.ready_tcp())
    yield port
    port.close()


def test_a_driver_that_reads_lines(port, mosquitto, peer, client_id):
    client = LineClient(port)
    assert client.execute("AT")[1]
    assert client.execute("ATE0")[1]
    assert client.execute("ATI") == (["imqtt", "IMQTT-LTE", "Revision: IMQTT-LTE-R01"], True)
    assert client.execute("AT+CPIN?") == (["+CPIN: READY"], True)
    assert client.execute("AT+CSQ") == (["+CSQ: 25,99"], True)
    assert client.execute("AT+QIACT=1") == ([], False)
    assert client.execute("AT+CREG?") == (["+CREG: 0,1"], True)
    assert client.execute(f'AT+IMQTTADDR="{mosquitto.host}",{mosquitto.port},"{client_id}"')[1]
    assert client.execute("AT+IMQTTCONN")[1]
    assert client.wait("+IMQTTCONN:") == "+IMQTTCONN:0"
    assert client.execute(f"AT+IMQTTSUB={client_id}/get,1")[1]
    assert client.wait("+IMQTTSUB:").endswith(",1")
    peer.subscribe(f"{client_id}/update")
    assert client.execute(f'AT+IMQTTPUB={client_id}/update,1,"on"')[1]
    assert client.wait("+IMQTTPUB:").endswith(",0")
    assert peer.message().payload == b"on"
    peer.publish(f"{client_id}/get", "off")
    assert client.wait("+IMQTTRCVPUB:").endswith(f',"{client_id}/get",3,"off"')


def test_a_driver_that_reads_a_stream(port, mosquitto, peer, client_id):
    client = StreamClient(port)
    assert client.test_at()
    assert client.says_ok("E0")
    assert client.says_ok("+CMEE=0")
    assert client.says_ok("+CTZR=0") and client.says_ok("+CTZU=1")
    client.send("+CPIN?")
    assert client.wait_response("+CPIN:") == 1
    assert client.wait_response("READY", "SIM PIN", "SIM PUK") == 1
    assert client.wait_response() == 1
    client.send("+CGREG?")
    assert client.wait_response("+CREG:", "+CGREG:", "+CEREG:") == 2
    assert client.wait_response("\r\n") == 1 and client.data == " 0,1\r\n"
    assert client.wait_response() == 1
    assert not client.says_ok("+NETCLOSE")
    assert client.says_ok(f'+IMQTTADDR="{mosquitto.host}",{mosquitto.port},"{client_id}"')
    assert client.says_ok("+IMQTTCONN")
    assert client.wait_response("+IMQTTCONN:0\r\n", within_s=DEADLINE_S) == 1
    assert client.says_ok(f'+IMQTTSUB="{client_id}/get",0')
    assert client.wait_response("+IMQTTSUB:2,0\r\n", "128\r\n") == 1
    peer.subscribe(f"{client_id}/update")
    client.send(f'+IMQTTPUBEX="{client_id}/update",1,0,4')
    assert client.wait_response(">") == 1
    client.port.write(b"\x00\r\n\xff")
    assert client.wait_response() == 1
    assert client.wait_response("+IMQTTPUBEX:3,0\r\n") == 1
    assert peer.message().payload == b"\x00\r\n\xff"
    peer.publish(f"{client_id}/get", "off", qos=0)
    assert client.wait_response(f'+IMQTTRCVPUB:0,"{client_id}/get",3,"off"\r\n') == 1


def test_a_driver_that_looks_for_prefixes(port, mosquitto, peer, client_id):
    client = PrefixClient(port)
    client.simple("ATE0")
    client.simple("AT+CMEE=1")
    client.simple(f"AT+IMQTTADDR={mosquitto.host},{mosquitto.port},{client_id}")
    client.simple("AT+IMQTTDISCONN")
    client.simple("AT+IMQTTCONN")
    assert client.next() == "+IMQTTCONN:0"
    assert client.request(f'AT+IMQTTSUB="/{client_id}/get",1', "+IMQTTSUB") == (2, 1)
    peer.subscribe(f"/{client_id}/update")
    message = '{"id":"1","params":{"on":1}}'
    escaped = message.replace('"', '\\"')
    command = f'AT+IMQTTPUB="/{client_id}/update",1,"{escaped}"'
    assert client.request(command, "+IMQTTPUB") == (3, 0)
    assert peer.message().payload == message.encode()
    peer.publish(f"/{client_id}/get", '{"on":0}')
    assert client.message() == (f"/{client_id}/get", '{"on":0}')
    assert client.request(f'AT+IMQTTUNSUB="/{client_id}/get"', "+IMQTTUNSUB") == (4, 0)
    client.simple("AT+IMQTTDISCONN")


# ---- comgt, a program of its own -------------------------------------------------------------

COMGT_SCRIPT = """opengt
set com 115200n81
set comecho off
set senddelay 0.0
send "ATE0^m"
waitfor 10 "OK"
send "AT+IMQTTADDR={host},{port},{client_id}^m"
waitfor 10 "OK"
send "AT+IMQTTCONN^m"
waitfor 10 "+IMQTTCONN:0"
if % <> 0 goto failed
send "AT+IMQTTPUB={client_id},1,hello^m"
waitfor 10 "+IMQTTPUB:2,0"
if % <> 0 goto failed
exit 0
:failed
exit 1
"""


@pytest.fixture
def comgt(start_imqttd, tmp_path):
    """Runs comgt on a modem; what it says."""
    link = tmp_path / "modem"
    modem = start_imqttd("--pty", link, boot_urcs=True)
    modem.ready_pty(link)

    def run(*arguments):
        result = subprocess.run(
            ["comgt", "-d", link, *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    return run


def test_comgt_asks_for_signal_and_registration(comgt):
    assert "Signal Quality: 25,99" in comgt("sig")
    assert 'Registered on Home network: "imqtt",7' in comgt("reg")


def test_comgt_runs_a_script(comgt, mosquitto, peer, client_id, tmp_path):
    script = tmp_path / "publish.comgt"
    script.write_text(
        COMGT_SCRIPT.format(host=mosquitto.host, port=mosquitto.port, client_id=client_id)
    )
    peer.subscribe(client_id)
    comgt("-s", str(script))
    assert peer.message().payload == b"hello"
