"""Settings as a whole over power cuts and reboots, who the modem says it is, and hosts that take it
for something else. What can be wrong with the store itself is in test_store.py."""

import os
import random
import signal
import subprocess

import pytest

from modem import PROGRAM

SETTINGS = [
    "AT+CMEE=2",
    "ATS3=13;S4=11;S5=127",
    "AT+CREG=1;+CGREG=2;+CEREG=1",
    "AT+IMQTTMODE=2,0,1",
    "AT+IMQTTPARA=TIMEOUT,1,CLEAN,0,KEEPALIVE,77,VERSION,3.1",
    "AT+IMQTTUSER=somebody,swordfish",
    'AT+IMQTTADDR=broker.example,8883,"a,b"',
    'AT+IMQTTLWT=/gone,2,"so long",1',
    "AT+IMQTTAUTH=pk,dn,deep-secret",
]

NOBODY = ['+IMQTTUSER:"",""']


@pytest.fixture
def power_on(start_imqttd, tmp_path):
    """Starts the same modem again and again; the host on it, with echo off."""

    def start(*options, **settings):
        link = tmp_path / "modem"
        modem = start_imqttd("--pty", link, "--state", tmp_path / "state", *options, **settings)
        modem.ready_pty(link)
        host = modem.pty_host(link)
        host.modem = modem
        host.turn_echo_off()
        return host

    return start


def cut_power(host):
    host.modem.signal(signal.SIGKILL)
    host.modem.process.wait()
    host.close()


# ---- AT&W, ATZ, AT&F -------------------------------------------------------------------------


def test_everything_stored_is_there_after_a_power_cut(power_on):
    host = power_on()
    factory = host.command("AT&V")
    for command in SETTINGS:
        host.command(command)
    stored = host.command("AT&V")
    assert len(stored) > len(factory)
    host.command("AT&W")
    host.command("AT+IMQTTUSER=not,stored")
    cut_power(host)

    host = power_on()
    assert host.command("AT&V") == stored
    assert "swordfish" not in "".join(stored) and "deep-secret" not in "".join(stored)
    host.command("AT&F")
    host.command("ATE0")
    host.pending = b""
    assert host.command("AT&V") == factory
    host.command("ATZ")
    assert host.command("AT&V") == stored
    host.command("AT&F;&W")
    cut_power(host)

    host = power_on()
    assert host.command("AT&V") == factory


def test_what_is_not_stored_is_forgotten(power_on):
    host = power_on()
    host.command("AT&W")
    host.command("AT+IMQTTUSER=not,stored")
    host.command("ATZ")
    assert host.command("AT+IMQTTUSER?") == NOBODY
    host.command("AT+IMQTTUSER=not,stored")
    cut_power(host)
    assert power_on().command("AT+IMQTTUSER?") == NOBODY


def test_reboot(power_on, mosquitto, peer, client_id):
    """AT+CFUN=1,1: the link ends without DISCONNECT, stored settings are loaded, boot URCs come."""
    host = power_on(boot_urcs=True)
    host.command("AT+CMEE=1")
    host.command(f"AT+IMQTTADDR={mosquitto.host},{mosquitto.port},{client_id}")
    host.command(f"AT+IMQTTLWT={client_id},1,gone")
    host.command("AT&W")
    host.command("AT+CMEE=2")
    host.connect()
    peer.subscribe(client_id)
    host.send("AT+CFUN=1,1")
    host.expect(r"\A\r\nOK\r\n\r\nRDY\r\n\r\n\+CPIN: READY\r\n\Z")
    assert peer.message().payload == b"gone"
    assert host.command("AT+CMEE?") == ["+CMEE: 1"]
    assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:0"]
    host.connect()


# ---- who the modem is ------------------------------------------------------------------------


def identity(host):
    return tuple(
        host.command(f"AT{name}")[0]
        for name in ("+CGMI", "+CGMM", "+CGMR", "+CGSN", "+CIMI", "+CCID")
    )


def has_check_digit(digits):
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits))]
    return sum(number - 9 * (number > 9) for number in doubled) % 10 == 0


def test_a_link_is_one_modem_by_every_path(start_imqttd, tmp_path, monkeypatch):
    (tmp_path / "other").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    seen = set()
    for link in ("modem", "./modem", tmp_path / "modem", tmp_path / "other" / "modem"):
        modem = start_imqttd("--pty", link)
        modem.ready_pty(link)
        host = modem.pty_host(link)
        host.turn_echo_off()
        seen.add(*host.command("AT+GSN"))
        modem.stop()
    assert len(seen) == 1


def test_modems_differ_and_stay_the_same(start_imqttd, tmp_path):
    links = [tmp_path / f"modem{number}" for number in range(3)]

    def identities():
        modem = start_imqttd(*(part for link in links for part in ("--pty", link)))
        for link in links:
            modem.ready_pty(link)
        hosts = [modem.pty_host(link) for link in links]
        for host in hosts:
            host.turn_echo_off()
        found = [identity(host) for host in hosts]
        modem.stop()
        return found

    first = identities()
    assert identities() == first
    for field in (3, 4, 5):
        assert len({each[field] for each in first}) == len(links)
    for each in first:
        assert len(each[3]) == len(each[4]) == 15
        assert has_check_digit(each[3])
        assert has_check_digit(each[5].removeprefix("+CCID: "))


def test_an_identity_can_be_given(start_host):
    given = {
        "manufacturer": "Acme Inc.", "model": "LTE=1", "revision": "r 2", "imei": "490154203237518",
        "imsi": "262011234567890", "iccid": "8988211000000214307",
    }
    host = start_host("--identity", ",".join(f"{key}={value}" for key, value in given.items()))
    assert identity(host) == (
        "Acme Inc.", "LTE=1", "r 2", "490154203237518", "262011234567890",
        "+CCID: 8988211000000214307",
    )
    assert host.command("AT+COPS=3,2;+COPS?") == ['+COPS: 0,2,"26201",7']


def test_what_is_not_given_is_as_it_was(start_host):
    host = start_host("--identity", "model=X1")
    manufacturer, model, revision, imei, _, _ = identity(host)
    assert (manufacturer, model) == ("imqtt", "X1")
    assert imei.startswith("001")


@pytest.mark.parametrize(
    "given, why",
    [
        ("imei=490154203237519", "Luhn"),
        ("imei=12", "15 digits"),
        ("imsi=26201123456789x", "15 digits"),
        ("iccid=89882110000002143", "19 or 20 digits"),
        ("model=", "1 to 64"),
        ("model=" + "x" * 65, "1 to 64"),
        ("model=\x07", "printable"),
        ("colour=red", "manufacturer"),
        ("Model=x", "manufacturer"),
        ("model", "KEY=VALUE"),
        ("", "KEY=VALUE"),
        ("model=x,", "KEY=VALUE"),
        ("model=x,model=y", "twice"),
    ],
)
def test_a_bad_identity_is_refused(given, why):
    result = subprocess.run(
        [PROGRAM, "--stdio", "--identity", given],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30,
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("imqttd: --identity") and why in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "zone, shown", [("UTC", "+00"), ("CST-8", "+32"), ("NST3:30", "-14"), ("NPT-5:45", "+23")]
)
def test_the_clock_is_the_computers(start_host, zone, shown):
    environment = {**os.environ, "TZ": zone}
    host = start_host(env=environment)

    def minute():
        return subprocess.run(
            ["date", "+%y/%m/%d,%H:%M"], env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    before = minute()
    (line,) = host.command("AT+CCLK?")
    after = minute()
    told, told_zone = line[len('+CCLK: "') : -len(':00+00"')], line[-4:]
    assert told in (before, after)
    assert told_zone == f'{shown}"'


# ---- hosts that take it for something else ---------------------------------------------------


def at_another_speed(data, sent_baud, read_baud):
    """What a UART reads of 8N1 bytes that were sent at another speed."""
    levels = [1] * 20
    for byte in data:
        levels += [0, *(byte >> bit & 1 for bit in range(8)), 1]
    levels += [1] * 20
    line = [levels[int(tick * sent_baud / read_baud / 16)]
            for tick in range(int(len(levels) * 16 * read_baud / sent_baud))]
    read, tick = bytearray(), 0
    while tick + 16 * 10 <= len(line):
        if line[tick] == 1:
            tick += 1
            continue
        read.append(sum(line[tick + 16 * (1 + bit) + 8] << bit for bit in range(8)))
        tick += 16 * 10 - 8
    return bytes(read)


def answers(host):
    """The next command works; what the modem said before does not matter."""
    host.type(b"\rAT+CGSN=1\r")
    host.expect(r'\r\n\+CGSN: "\d{15}"\r\n\r\nOK\r\n')
    host.pending = b""


@pytest.mark.parametrize("baud", [300, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 230400, 460800])
def test_a_host_at_another_speed(host, baud):
    garbage = at_another_speed(b"AT\r\nATE0\r\nAT+CPIN?\r\n" * 3, baud, 115200)
    assert garbage
    host.type(garbage)
    answers(host)


@pytest.mark.parametrize("seed", range(10))
def test_noise(host, seed):
    host.type(random.Random(seed).randbytes(20000))
    answers(host)


@pytest.mark.parametrize(
    "typed",
    [
        b"+++",
        b"ATD*99#\r",
        b"ATDT5551234;\r",
        b"ATH0\r",
        b"ATO\r",
        b"AT+CMUX=0\r",
        b"AT+CMUX=0,0,5,127,10,3,30,10,2\r\xf9\x03\x3f\x01\x1c\xf9",
        b"AT+FCLASS=1\r",
        b"AT+CGDATA=\"PPP\",1\r",
        b"\x7e\xff\x7d\x23\xc0\x21\x7d\x21\x7d\x21\x7d\x20\x7d\x34\x7d\x22\x7d\x26\x7d\x20\x7d\x20\x7d"
        b"\x20\x7d\x20\x7d\x25\x7d\x26\x28\xe5\x4c\x21\x7d\x27\x7d\x22\x7d\x28\x7d\x22\xe5\xa5\x7e",
        b"A",
        b"AT+IMQTTPUB=\"half a comm",
        b"AT+CSQ" + b"\x00" * 100,
        b"AT" + b"+" * 10000,
        b"at\r\n\n\r\r\n",
        b"\x1b[6n\x1a",
    ],
)
def test_a_host_that_wants_something_else(host, typed):
    host.type(typed)
    answers(host)
    assert host.command("AT&V")[0] == "E0 V1 Q0 S3:013 S4:010 S5:008"
    assert host.command("AT+IMQTTADDR?") == []
