"""The terminals: pseudo-terminals, TCP, serial devices, standard input and output."""

import fcntl
import grp
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import termios
import tty

import pytest

from host import Host, PtyLine, SerialLine
from modem import PROGRAM

BOOT = b"\r\nRDY\r\n\r\n+CPIN: READY\r\n"


def test_the_link_leads_to_the_pts_and_goes_at_exit(start_imqttd, tmp_path):
    link = tmp_path / "modem"
    modem = start_imqttd("--pty", link)
    pts = modem.ready_pty(link)
    assert pts.startswith("/dev/pts/")
    assert os.readlink(link) == pts
    modem.stop()
    assert not os.path.lexists(link)


def test_a_link_of_a_running_program_is_not_taken(start_imqttd, tmp_path):
    """By the same path or another one that leads there; one that was killed leaves a free link."""
    link = tmp_path / "modem"
    first = start_imqttd("--pty", link)
    pts = first.ready_pty(link)
    (tmp_path / "folder").symlink_to(tmp_path)
    for path in (link, tmp_path / "folder" / "modem"):
        result = subprocess.run([PROGRAM, "--pty", path], capture_output=True, text=True)
        assert result.returncode == 2
        assert f"another program has it: pid {first.process.child.pid}" in result.stderr
        assert os.readlink(link) == pts
    first.pty_host(link).command("AT")
    first.signal(signal.SIGKILL)
    first.process.wait()
    start_imqttd("--pty", link).ready_pty(link)
    assert os.path.lexists(link)


def test_a_link_that_was_left_behind_may_lead_to_anybody(start_imqttd, tmp_path):
    """The kernel gives the number of a pts again: to the same link, or to another program."""
    link = tmp_path / "modem"
    other = start_imqttd("--pty", tmp_path / "other")
    link.symlink_to(other.ready_pty(tmp_path / "other"))
    modem = start_imqttd("--pty", link)
    modem.ready_pty(link)
    for _ in range(3):
        modem.signal(signal.SIGKILL)
        modem.process.wait()
        modem = start_imqttd("--pty", link)
        modem.ready_pty(link)
    other.pty_host(tmp_path / "other").command("AT")


def test_boot_urcs_wait_for_the_first_open(start_imqttd, tmp_path):
    link = tmp_path / "modem"
    modem = start_imqttd("--pty", link, boot_urcs=True)
    modem.ready_pty(link)
    modem.pty_host(link).expect_bytes(BOOT)


def test_the_terminal_is_raw(host):
    """Nothing is translated, echoed twice, or taken for a signal."""
    host.send("ATE1")
    host.expect(r"\r\nOK\r\n")
    host.type(b"AT\x03\x04\x11\x13\x1a\r")
    host.expect(r"\AAT.*\r\nOK\r\n\Z")
    host.type(b"AT\n")
    host.expect(r"\AAT\n\r\nOK\r\n\Z")


def test_a_pty_is_closed_and_opened_again(host, mosquitto, peer, client_id):
    """Settings and connection stay; what came meanwhile waits; waiting costs nothing."""
    host.connect(mosquitto, client_id=client_id)
    host.subscribe(client_id, 1)
    host.close()
    for number in range(100):
        peer.publish(client_id, f"{number}")
    before_s = host.modem.cpu_s()
    peer.publish("elsewhere", "x" * 1000, qos=2)
    assert host.modem.cpu_s() - before_s < 0.5
    again = host.modem.pty_host(host.link)
    assert [again.received()[2] for _ in range(100)] == [b"%d" % n for n in range(100)]
    assert again.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:2"]


def test_a_closed_pty_costs_no_time(host):
    host.close()
    before_s = host.modem.cpu_s()
    with pytest.raises(subprocess.TimeoutExpired):
        host.modem.process.child.wait(2)
    assert host.modem.cpu_s() - before_s < 0.1
    assert host.modem.pty_host(host.link).command("AT") == []


def test_open_and_close_a_hundred_times(host):
    host.close()
    for _ in range(100):
        again = host.modem.pty_host(host.link)
        assert again.command("AT") == []
        again.close()


def test_one_of_two_programs_closes_it(start_imqttd, tmp_path):
    """The kernel tells of two opens in a row as of one: the other program is answered all the same."""
    link = tmp_path / "modem"
    modem = start_imqttd("--pty", link)
    modem.ready_pty(link)
    for _ in range(5):
        modem.signal(signal.SIGSTOP)
        first, second = Host(PtyLine(link)), Host(PtyLine(link))
        modem.signal(signal.SIGCONT)
        first.send("ATE0")
        first.expect(r"OK\r\n")
        first.close()
        second.send("AT")
        second.expect(r"OK\r\n")
        second.close()


def test_every_terminal_is_its_own_modem(start_imqttd, tmp_path):
    links = [tmp_path / f"modem{number}" for number in range(3)]
    modem = start_imqttd(*(part for link in links for part in ("--pty", link)))
    for link in links:
        modem.ready_pty(link)
    hosts = [modem.pty_host(link) for link in links]
    for number, host in enumerate(hosts):
        host.turn_echo_off()
        host.command(f"AT+IMQTTADDR=host{number},1883,x")
    for number, host in enumerate(hosts):
        assert host.command("AT+IMQTTADDR?") == [f"+IMQTTADDR:host{number},1883,x"]


def test_every_connection_is_its_own_modem(start_imqttd, mosquitto, client_id):
    modem = start_imqttd("--tcp", "127.0.0.1:0", boot_urcs=True)
    modem.ready_tcp()
    hosts = [modem.tcp_host() for _ in range(3)]
    for number, host in enumerate(hosts):
        host.expect_bytes(BOOT)
        host.send("ATE0")
        host.expect(r"\AATE0\r\r\nOK\r\n")
        host.connect(mosquitto, client_id=f"{client_id}-{number}")
    for number, host in enumerate(hosts):
        host.close()
        mosquitto.process.line(f"{client_id}-{number}", "connect", "ed")
    assert modem.process.child.poll() is None


REMOTE = ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:192.0.2.1]:0"]


@pytest.mark.parametrize("address", REMOTE)
def test_other_computers_are_let_in_only_when_told_so(address):
    result = subprocess.run(
        [PROGRAM, "--tcp", address], stdin=subprocess.DEVNULL, capture_output=True, timeout=30
    )
    assert result.returncode == 2
    assert result.stdout == b""
    assert result.stderr.decode() == (
        f"imqttd: --tcp {address}: not a loopback address: needs --allow-remote\n"
    )


def test_other_computers_are_let_in_with_a_warning(start_imqttd):
    modem = start_imqttd("--tcp", "0.0.0.0:0", "--allow-remote")
    modem.process.line("warning", "whoever reaches this port can use the modem")
    modem.ready_tcp()
    modem.tcp_host().turn_echo_off()


@pytest.mark.parametrize("address", ["127.0.0.1:0", "127.8.9.10:0", "localhost:0"])
def test_this_computer_needs_no_permission(start_imqttd, address):
    modem = start_imqttd("--tcp", address)
    modem.ready_tcp()
    modem.tcp_host().turn_echo_off()
    modem.stop()
    assert not any("warning" in line for line in modem.process.output)


def test_a_connection_that_ends_takes_its_modem_along(start_imqttd, mosquitto, client_id):
    modem = start_imqttd("--tcp", "127.0.0.1:0")
    modem.ready_tcp()
    host = modem.tcp_host()
    host.turn_echo_off()
    host.connect(mosquitto, client_id=client_id)
    host.close()
    mosquitto.process.line(f"Client {client_id} ", "connect")
    again = modem.tcp_host()
    again.send("AT+IMQTTADDR?")
    again.expect(r"\AAT\+IMQTTADDR\?\r\r\nOK\r\n\Z")


class SerialDevice:
    """A device file that can vanish: a link to a pseudo-terminal of the test's own."""

    def __init__(self, path):
        self._path = path

    def plug_in(self):
        self._master, self._device = os.openpty()
        tty.setraw(self._device)
        os.symlink(os.ttyname(self._device), self._path)
        return Host(self)

    def unplug(self):
        self._path.unlink()
        os.close(self._device)
        os.close(self._master)

    def fileno(self):
        return self._master

    def read(self):
        return os.read(self._master, 65536)

    def write(self, data):
        return os.write(self._master, data)

    close = unplug

    def is_exclusive(self):
        """TIOCGEXCL, which Python has no name for."""
        return fcntl.ioctl(self._device, 0x80045440, bytes(4)) != bytes(4)


@pytest.mark.parametrize("options", ["", ",9600"])
def test_a_serial_device(start_imqttd, tmp_path, mosquitto, client_id, options):
    device = SerialDevice(tmp_path / "ttyTEST")
    host = device.plug_in()
    modem = start_imqttd("--serial", f"{tmp_path / 'ttyTEST'}{options}", boot_urcs=True)
    host.expect_bytes(BOOT)
    host.send("ATE0")
    host.expect(r"\AATE0\r\r\nOK\r\n")
    host.connect(mosquitto, client_id=client_id)
    modem.stop()
    device.unplug()


UNIT_S = {"min": 60, "sec": 1, "ms": 0.001}


def test_a_tcp_host_that_is_gone_is_noticed_in_two_minutes(start_imqttd):
    """The kernel asks it after a minute, and gives it up well within the next."""
    modem = start_imqttd("--tcp", "127.0.0.1:0")
    _, port = modem.ready_tcp()
    modem.tcp_host().command("AT")
    filters = ["state", "established", f"( sport = :{port} )"]
    listed = subprocess.run(["ss", "-tnoH", *filters], capture_output=True, text=True).stdout
    left = re.search(r"timer:\(keepalive,([^,]+),", listed)[1]  # "59sec", "1min", "1min4sec"
    assert re.fullmatch(r"([\d.]+(min|sec|ms))+", left), listed
    pieces = re.findall(r"([\d.]+)(min|sec|ms)", left)
    assert sum(float(number) * UNIT_S[unit] for number, unit in pieces) <= 60, listed


def refused_serial(device, *before):
    command = [*before, PROGRAM, "--serial", device]
    result = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert result.returncode == 2
    return result.stderr


def test_a_serial_device_has_one_modem(start_imqttd, tmp_path):
    """Another program names the one that has it."""
    device = SerialDevice(tmp_path / "ttyTEST")
    host = device.plug_in()
    first = start_imqttd("--serial", tmp_path / "ttyTEST")
    first.process.line("ttyTEST", "open")
    pid = first.process.child.pid
    assert f"another program has it: pid {pid}" in refused_serial(tmp_path / "ttyTEST")
    host.turn_echo_off()
    assert host.command("AT") == []
    first.stop()
    second = start_imqttd("--serial", tmp_path / "ttyTEST")
    second.process.line("ttyTEST", "open")
    device.unplug()


def test_programs_without_locks_cannot_open_a_serial_device(
    start_imqttd, tmp_path, open_folder, ordinary_user
):
    """Root can; for others the device is busy, and imqttd says whose it is."""
    device = SerialDevice(tmp_path / "ttyTEST")
    device.plug_in()
    os.chmod(tmp_path / "ttyTEST", 0o666)
    modem = start_imqttd("--serial", tmp_path / "ttyTEST")
    modem.process.line("ttyTEST", "open")
    assert device.is_exclusive()
    other = [shutil.copy(PROGRAM, open_folder), "--serial", os.path.realpath(tmp_path / "ttyTEST")]
    refused = subprocess.run(other, capture_output=True, text=True, timeout=30, **ordinary_user)
    assert refused.returncode == 2
    assert f"another program has it: pid {modem.process.child.pid}" in refused.stderr
    modem.stop()
    assert not device.is_exclusive()
    device.unplug()


@pytest.mark.parametrize("path", ["/dev/null", PROGRAM])
def test_what_is_no_serial_port_ends_it(path):
    assert f"--serial {path}: is no serial port" in refused_serial(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a device to another user")
def test_a_serial_device_of_a_group_names_it(start_imqttd, tmp_path):
    """It is looked for again: the user may be let in."""
    device = SerialDevice(tmp_path / "ttyTEST")
    device.plug_in()
    tty_path = os.ttyname(device._device)
    os.chmod(tty_path, 0o660)
    os.chown(tty_path, pwd.getpwnam("nobody").pw_uid, grp.getgrnam("dialout").gr_gid)
    modem = start_imqttd(
        "--serial", tmp_path / "ttyTEST",
        within=["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"],
    )
    modem.logged("ttyTEST", "permission denied: it is for the group dialout")
    os.chown(tty_path, 0, 0)
    modem.logged("ttyTEST", "open, 115200 baud")
    modem.stop()
    device.unplug()


def turn_echo_on(path):
    """The line of a host that left ECHO on."""
    line = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    settings = termios.tcgetattr(line)
    settings[3] |= termios.ECHO
    termios.tcsetattr(line, termios.TCSANOW, settings)
    return line


def test_a_host_that_leaves_echo_on(start_host, mosquitto, peer, client_id):
    """What the modem says does not come back to it: no endless talk, and no message is a command."""
    host = start_host()
    host.connect(mosquitto, client_id=client_id)
    host.subscribe(client_id, 0)
    line = turn_echo_on(host.link)
    peer.publish(client_id, "\r\nAT+IMQTTADDR=attacker,1883,x\r\n", 1)
    host.received()
    assert host.command("AT+IMQTTADDR?") == [
        f"+IMQTTADDR:{mosquitto.host},{mosquitto.port},{client_id}"
    ]
    host.send("ATE1")
    host.expect(r"\r\nOK\r\n")
    settings = termios.tcgetattr(line)
    settings[3] |= termios.ECHO
    termios.tcsetattr(line, termios.TCSANOW, settings)
    host.send("AT")
    host.expect(r"\AAT\r\r\nOK\r\n")
    host.send("AT+CGMI")
    host.expect(r"\AAT\+CGMI\r\r\n\w+\r\n\r\nOK\r\n")
    assert host.pending == b""
    host.modem.logged("left ECHO on")
    assert host.modem.count_logged("left ECHO on") == 1
    os.close(line)


def test_a_serial_device_comes_late_and_vanishes(start_host, tmp_path):
    """Its modem waits for it, as the same modem; the other one is not disturbed."""
    device = SerialDevice(tmp_path / "ttyTEST")
    other = start_host("--serial", tmp_path / "ttyTEST", boot_urcs=True)
    other.modem.process.line("ttyTEST")  # a clear word in the log
    host = device.plug_in()
    host.expect_bytes(BOOT)
    host.send("ATE0")
    host.expect(r"\AATE0\r\r\nOK\r\n")
    for _ in range(2):
        device.unplug()
        other.modem.logged("ttyTEST", "the device is gone")
        assert other.command("AT") == []
        host = device.plug_in()
        assert host.command("AT") == []  # still without echo
    other.modem.logged("ttyTEST", "open again after ")


def test_standard_input_and_output():
    result = subprocess.run(
        [PROGRAM, "--stdio", "--no-boot-urc"],
        input=b"ATE0\rAT\nAT+IMQTTMODE?\r\nNO SUCH\nAT+NOSUCH\n",
        capture_output=True,
        timeout=30,
    )
    assert result.stdout == (
        b"ATE0\r\r\nOK\r\n\r\nOK\r\n\r\n+IMQTTMODE:2,0,0\r\n\r\nOK\r\n\r\nERROR\r\n"
    )
    assert result.returncode == 0


@pytest.mark.parametrize("order", [1, -1])
def test_where_a_modem_speaks_others_say_nothing(order):
    terminals = [["--stdio"], ["--tcp", "127.0.0.1:0"]][::order]
    result = subprocess.run(
        [PROGRAM, "--no-boot-urc", *sum(terminals, [])], input=b"ATE0\n", capture_output=True
    )
    assert result.stdout == b"ATE0\n\r\nOK\r\n"
    assert b"ready tcp 127.0.0.1:" in result.stderr


def test_a_script_on_standard_input_waits_for_each_result(mosquitto, client_id):
    """Each line is run when the one before is done, its URCs included."""
    script = "\n".join(
        [
            "ATE0",
            f"AT+IMQTTADDR=127.0.0.1,{mosquitto.port},{client_id}",
            "AT+IMQTTCONN",
            f"AT+IMQTTSUB={client_id},1",
            f"AT+IMQTTPUB={client_id},0,hello",
            "AT+IMQTTDISCONN",
        ]
    )
    result = subprocess.run(
        [PROGRAM, "--stdio", "--no-boot-urc"], input=script.encode(), capture_output=True, timeout=30
    )
    lines = result.stdout.decode().split()
    assert lines[:5] == ["ATE0", "OK", "OK", "OK", "+IMQTTCONN:0"]
    assert lines[-2:] == ["OK", "+IMQTTCONN:-1"]
    assert result.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_well(start_imqttd, tmp_path, number):
    modem = start_imqttd("--pty", tmp_path / "modem")
    modem.ready_pty(tmp_path / "modem")
    modem.signal(number)
    assert modem.process.wait() == 0


@pytest.mark.parametrize(
    "options, named",
    [
        (["--frobnicate"], "--frobnicate"),
        (["--pty"], "--pty"),
        (["--tcp", "nonsense"], "--tcp"),
        (["--tcp", "127.0.0.1:99999"], "--tcp"),
        (["--serial", "/dev/null,fast"], "--serial"),
        (["--log", "loudly", "--stdio"], "--log"),
        (["--tls-ca", "/nonexistent", "--stdio"], "--tls-ca"),
        (["--tls-crl", "/nonexistent", "--stdio"], "--tls-crl"),
        (["--tls-crl", "/dev/null", "--stdio"], "--tls-crl"),
        ([], "--"),
    ],
)
def test_a_bad_option_is_named(options, named):
    result = subprocess.run(
        [PROGRAM, *options], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30
    )
    assert result.returncode == 2
    assert named in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help(option):
    result = subprocess.run([PROGRAM, option], capture_output=True, text=True, timeout=30)
    assert (result.returncode, result.stderr) == (0, "")
    assert "imqttd" in result.stdout


def test_the_help_names_every_option():
    result = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, timeout=30)
    for option in (
        "--pty LINK", "--serial DEV[,BAUD]", "--tcp HOST:PORT", "--allow-remote", "--stdio",
        "--state DIR", "--identity KEY=VALUE,...", "--tls-ca FILE", "--tls-crl FILE",
        "--tls-insecure", "--no-boot-urc", "--log LEVEL", "--version", "--help",
    ):
        assert option in result.stdout


def test_a_link_that_is_in_the_way(start_imqttd, tmp_path):
    """A file that is no link of ours is not touched; the option is named."""
    (tmp_path / "modem").write_text("precious")
    result = subprocess.run(
        [PROGRAM, "--pty", tmp_path / "modem"], capture_output=True, text=True, timeout=30
    )
    assert result.returncode != 0
    assert str(tmp_path / "modem") in result.stderr
    assert pathlib.Path(tmp_path / "modem").read_text() == "precious"


def test_the_log_tells_connections_apart(start_imqttd, mosquitto, client_id):
    """By who called."""
    modem = start_imqttd("--tcp", "127.0.0.1:0")
    modem.ready_tcp()
    for number in range(2):
        host = modem.tcp_host()
        host.turn_echo_off()
        host.connect(mosquitto, client_id=f"{client_id}-{number}")
        caller = "%s:%d" % host.line.own_address()
        modem.logged("tcp 127.0.0.1:0 from ", caller, "connected")
