"""What can go wrong with the computer: no descriptors, no memory, signals at bad moments."""

import contextlib
import os
import re
import resource
import select
import signal
import socket
import subprocess

import pytest

from host import Host, SerialLine
from modem import PROGRAM, RELEASE
from processes import DEADLINE_S, holdings
from scripted_server import ScriptedServer, connack, publish
from test_terminals import SerialDevice
from test_tls import start_tls  # a fixture

DISCONNECT = b"\xe0\x00"

# ---- no descriptors

NONE_FREE = 3  # those below are the standard streams


@pytest.fixture
def start_server(start_imqttd):
    """imqttd with a TCP port, and a first host on it; it must end well."""

    def start(*options, **settings):
        modem = start_imqttd("--tcp", "127.0.0.1:0", *options, **settings)
        modem.ready_tcp()
        host = modem.tcp_host()
        host.modem = modem
        host.turn_echo_off()
        return host

    return start


def give_descriptors_back(modem):
    _, hard = resource.prlimit(modem.process.child.pid, resource.RLIMIT_NOFILE)
    modem.limit(resource.RLIMIT_NOFILE, hard)


def test_no_descriptor_for_a_connection(start_server, mosquitto, client_id):
    """It waits until there is one; the log says so once; waiting costs nothing."""
    host = start_server()
    host.connect(mosquitto, client_id=client_id)
    modem = host.modem
    modem.limit(resource.RLIMIT_NOFILE, NONE_FREE)
    late = modem.tcp_host()
    modem.logged("tcp 127.0.0.1", "cannot accept connections: Too many open files")
    before_s = modem.cpu_s()
    for _ in range(3):
        host.subscribe(client_id, 1)
    late.send("AT")
    mosquitto.process.line(client_id, "SUBSCRIBE")
    assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:2"]
    assert late.pending == b""
    assert modem.cpu_s() - before_s < 0.5
    give_descriptors_back(modem)
    late.expect(r"\AAT\r\r\nOK\r\n")
    modem.logged("tcp 127.0.0.1", "connections are accepted again")
    assert modem.count_logged("cannot accept connections") == 1


@pytest.mark.parametrize("name, stage", [("127.0.0.1", "tcp"), ("localhost", "dns")])
def test_no_descriptor_to_connect_with(host, mosquitto, client_id, name, stage):
    host.configure(mosquitto, client_id=client_id)
    host.command(f"AT+IMQTTADDR={name},{mosquitto.port},{client_id}")
    host.modem.limit(resource.RLIMIT_NOFILE, NONE_FREE)
    failure = host.fail_to_connect()
    assert failure[0] == stage
    if stage == "tcp":
        assert failure[1:] == (24, "Too many open files")
    give_descriptors_back(host.modem)
    host.connect()


@pytest.mark.parametrize("has_list", [False, True])
def test_no_descriptor_for_the_authorities(
    start_host, start_tls, good_certificate, authority, has_list
):
    """They are looked for again the next time."""
    broker = start_tls(good_certificate)
    lists = ("--tls-crl", authority.revocations()) if has_list else ()
    environment = {"SSL_CERT_FILE": str(authority.certificate), "SSL_CERT_DIR": "/none"}
    host = start_host(*lists, env=environment)
    host.configure(broker, tls=1)
    host.command(f"AT+IMQTTADDR=127.0.0.1,{broker.port},x")
    for limit in range(NONE_FREE, 1000):
        host.modem.limit(resource.RLIMIT_NOFILE, limit)
        stage, _, text = host.fail_to_connect()
        if stage != "tcp":
            break
    assert stage == "tls"
    assert "certificate" in text
    give_descriptors_back(host.modem)
    host.connect()


def test_no_descriptor_for_the_store(start_host, tmp_path):
    """The file was moved away, and the new one cannot be opened."""
    state = tmp_path / "state"
    host = start_host("--state", state)
    host.command("AT+CMEE=1;&W")
    (state / "imqtt.db").rename(tmp_path / "elsewhere")
    host.modem.limit(resource.RLIMIT_NOFILE, NONE_FREE)
    assert host.ask("AT&W") == ([], "+CME ERROR: 100")
    host.modem.logged("settings not saved", "Too many open files")
    assert host.ask("ATZ") == ([], "+CME ERROR: 100")
    give_descriptors_back(host.modem)
    host.command("AT&W")


def test_no_descriptor_for_a_serial_device(start_imqttd, tmp_path):
    """It is tried again every second, as if it were not there."""
    path = tmp_path / "ttyTEST"
    device = SerialDevice(path)
    modem = start_imqttd("--serial", path)
    modem.process.line("ttyTEST")
    modem.limit(resource.RLIMIT_NOFILE, NONE_FREE)
    host = device.plug_in()
    modem.logged("ttyTEST", "Too many open files")
    give_descriptors_back(modem)
    modem.process.line("ttyTEST", "open, 115200 baud")
    host.send("ATE0")
    host.expect(r"ATE0\r\r\nOK\r\n")
    modem.stop()
    device.unplug()


# ---- no memory


def size_bytes(modem):
    with open(f"/proc/{modem.process.child.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def leave_memory(modem, count):
    modem.limit(resource.RLIMIT_AS, size_bytes(modem) + count)


def give_memory_back(modem):
    modem.limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)


@pytest.fixture
def many_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def answer_of(connection):
    """What it says to AT; nothing if it is closed."""
    connection.settimeout(DEADLINE_S)
    try:
        connection.sendall(b"AT\r")
        return connection.recv(100)
    except ConnectionError:
        return b""


def test_no_memory_for_a_connection(start_server, mosquitto, client_id):
    """Hosts come until one finds no memory; those that are there go on."""
    host = start_server(program=RELEASE)
    modem = host.modem
    host.connect(mosquitto, client_id=client_id)
    host.subscribe(client_id, 0)
    leave_memory(modem, 1 << 20)
    others = []
    while not modem.count_logged("a connection is closed: Cannot allocate memory"):
        assert len(others) < 900
        others.append(modem.tcp_host())
    host.command(f"AT+IMQTTPUB={client_id},0,still here")
    assert host.received()[2] == b"still here"
    host.urc(r"\+IMQTTPUB:0,0")
    assert others[0].command("ATE0") is not None
    give_memory_back(modem)
    late = modem.tcp_host()
    late.turn_echo_off()
    modem.logged("tcp 127.0.0.1", "connections are accepted again")


def test_no_memory_for_the_thousandth_descriptor(start_server, many_descriptors):
    """libuv keeps a table of them, which it doubles there, and would abort the program."""
    host = start_server(program=RELEASE)
    modem = host.modem
    others = [socket.create_connection(modem.tcp_address) for _ in range(990)]
    answer_of(others[-1])
    leave_memory(modem, 0)
    while not modem.count_logged("a connection is closed: Cannot allocate memory"):
        assert len(others) < 2000
        others.append(socket.create_connection(modem.tcp_address))
        answer_of(others[-1])
    assert host.command("AT") == []
    for other in others:
        other.close()


def test_no_memory_for_a_message(start_host, mosquitto, peer, client_id):
    host = start_host(program=RELEASE)
    host.connect(mosquitto, client_id=client_id)
    host.subscribe(client_id, 0)
    large = b"x" * 250_000
    leave_memory(host.modem, 0)
    peer.publish(client_id, large)
    host.modem.logged("inbound message drained", "250000")
    assert host.failure()[0] == "peer"
    assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:2"]
    give_memory_back(host.modem)
    peer.publish(client_id, large)
    assert host.received()[2] == large


def test_no_memory_for_tls(start_host, start_tls, good_certificate, authority):
    broker = start_tls(good_certificate)
    broker.host = "127.0.0.1"  # the lookup of a name would be the first to fail
    host = start_host("--tls-ca", authority.certificate, program=RELEASE)
    host.configure(broker, tls=1)
    leave_memory(host.modem, 0)
    assert host.fail_to_connect()[0] == "tls"
    give_memory_back(host.modem)
    host.connect()


def test_no_descriptor_to_look_a_name_up(start_host, mosquitto, client_id):
    host = start_host()
    host.configure(mosquitto, client_id=client_id)
    host.command(f"AT+IMQTTADDR=localhost,{mosquitto.port},{client_id}")
    pid = host.modem.process.child.pid
    host.modem.limit(resource.RLIMIT_NOFILE, holdings(pid)["descriptors"])
    assert host.fail_to_connect()[0] == "dns"
    host.modem.limit(resource.RLIMIT_NOFILE, 1024)
    host.connect()


# ---- signals at bad moments


def ends_well(modem):
    modem.signal(signal.SIGTERM)
    return modem.process.wait() == 0


@pytest.mark.parametrize(
    "number",
    [signal.SIGHUP, signal.SIGPIPE, signal.SIGUSR1, signal.SIGUSR2],
    ids=["HUP", "PIPE", "USR1", "USR2"],
)
def test_signals_that_are_ignored(host, proxy, client_id, number):
    """While a publish is under way."""
    host.connect(proxy, client_id=client_id)
    proxy.hold()
    host.command(f"AT+IMQTTPUB={client_id},2,unanswered")
    host.modem.signal(number)
    host.command("AT")
    proxy.release()
    host.urc(r"\+IMQTTPUB:\d+,[01]")  # 1: this took longer than its TIMEOUT
    host.command(f"AT+IMQTTPUB={client_id},2,answered")
    host.urc(r"\+IMQTTPUB:\d+,0")


def test_sigterm_while_a_publish_is_under_way(host, proxy, client_id):
    """DISCONNECT comes behind it: it has been sent, and is not waited for."""
    host.connect(proxy, client_id=client_id)
    proxy.hold()
    host.command(f"AT+IMQTTPUB={client_id},1,unanswered")
    assert ends_well(host.modem)
    proxy.wait_for("to_broker", b"unanswered" + DISCONNECT)


def publish_more_than_may_be_unanswered(host, topic):
    for _ in range(25):
        host.command(f"AT+IMQTTPUB={topic},1,unanswered")


def test_sigterm_while_a_publish_waits_to_be_sent(host, proxy, client_id):
    """It has a TIMEOUT to get out, of the three seconds that the program's end may take."""
    host.connect(proxy, client_id=client_id, timeout_s=1)
    proxy.hold()
    publish_more_than_may_be_unanswered(host, client_id)
    assert ends_well(host.modem)
    proxy.wait_for("to_broker", DISCONNECT)
    assert proxy.to_broker.count(b"unanswered") == 16


def test_sigterm_while_the_data_of_a_publish_is_typed(host, proxy, client_id):
    host.connect(proxy, client_id=client_id)
    host.send(f"AT+IMQTTPUBEX={client_id},1,0,10")
    host.expect(r"\r\n>")
    host.type(b"torn")
    assert ends_well(host.modem)
    proxy.wait_for("to_broker", DISCONNECT)
    assert b"torn" not in proxy.to_broker


@pytest.fixture
def silent_server():
    """Takes the connection, and never says a word."""
    server = ScriptedServer()
    yield server
    server.close()


@pytest.mark.parametrize("tls", [0, 1], ids=["connect", "handshake"])
def test_sigterm_while_a_connection_is_made(host, silent_server, tls):
    host.configure(silent_server, tls=tls)
    host.command("AT+IMQTTCONN")
    silent_server.accept_silently()
    assert ends_well(host.modem)


def test_sigterm_while_settings_are_stored(start_imqttd, tmp_path):
    """A save that was asked for is there after the restart, however far it was."""
    link = tmp_path / "modem"

    def start():
        modem = start_imqttd("--pty", link, "--state", tmp_path / "state")
        modem.ready_pty(link)
        host = modem.pty_host(link)
        host.send("AT")
        host.expect(r"AT\r\r\nOK\r\n")
        return modem, host

    for number in range(10):
        modem, host = start()
        host.send(f"AT+IMQTTUSER={number},password")
        host.expect(r"\r\nOK\r\n")
        host.send("AT&W")
        host.expect(r"AT&W\r")  # the echo: the store has been asked
        assert ends_well(modem)
        modem, host = start()
        host.send("AT+IMQTTUSER?")
        host.urc(rf"\+IMQTTUSER:{number},\*\*\*\*\*")
        modem.stop()


def wait_until_nobody_listens(address):
    with contextlib.suppress(ConnectionError):
        while True:
            socket.create_connection(address, DEADLINE_S).close()


def test_a_second_sigterm_ends_it_at_once(start_host, time, silent_server):
    """After the first one it waits for the broker, and here time hardly passes."""
    time.slow_down()
    host = start_host("--tcp", "127.0.0.1:0", **time.settings)
    address = host.modem.ready_tcp()
    host.configure(silent_server)
    host.command("AT+IMQTTCONN")
    line = silent_server.accept()
    line.welcome()
    host.urc(r"\+IMQTTCONN:0")
    publish_more_than_may_be_unanswered(host, "t")
    host.modem.signal(signal.SIGTERM)
    wait_until_nobody_listens(address)
    host.modem.signal(signal.SIGTERM)
    for _ in range(16):
        assert b"unanswered" in line.packet()
    assert line.is_closed()  # without DISCONNECT
    line.close()
    assert host.modem.process.wait() == 0


def test_a_broker_that_resets_while_it_is_written_to(host):
    """What would be SIGPIPE. Each publish that was accepted has its report."""
    server = ScriptedServer()
    host.configure(server)
    host.command("AT+IMQTTCONN")
    line = server.accept()
    line.welcome()
    host.urc(r"\+IMQTTCONN:0")
    host.type(b"".join(b"AT+IMQTTPUB=t,1,%d\r" % number for number in range(100)))
    line.packet()
    line.reset()
    host.type(b"".join(b"AT+IMQTTPUB=t,1,%d\r" % number for number in range(100, 200)))
    host.type(b"AT+CSQ\r")
    host.expect(r"\r\n\+CSQ: \d+,\d+\r\n\r\nOK\r\n")
    accepted = host.pending.count(b"\r\nOK\r\n")
    assert accepted > 0
    assert accepted + host.pending.count(b"\r\nERROR\r\n") == 200
    for _ in range(accepted):
        host.urc(r"\+IMQTTPUB:\d+,1")
    host.urc(r"\+IMQTTCONN:-1")
    assert b"IMQTT" not in host.pending
    server.close()


TALKATIVE = 150  # modems; of each some 40 lines are written at once, 500 kB in all
DROPPED = [publish(b"t\x1b", b"", qos=1, packet_id=number) for number in range(1, 60)]


def connect_many(address, broker):
    hosts = []
    for number in range(TALKATIVE):
        host = socket.create_connection(address, DEADLINE_S)
        host.sendall(b"ATE0\rAT+IMQTTADDR=127.0.0.1,%d,m%d\rAT+IMQTTCONN\r" % (broker, number))
        hosts.append(host)
    return hosts


def say_what_is_logged(listener):
    """A hostile broker: each of its messages is dropped, and worth a line; until all are."""
    lines = []
    for _ in range(TALKATIVE):
        line = listener.accept()[0]
        line.settimeout(DEADLINE_S)
        line.recv(4096)
        line.sendall(connack() + b"".join(DROPPED))
        lines.append(line)
    for line in lines:
        pubacks = b""
        while len(pubacks) < 4 * len(DROPPED):
            pubacks += line.recv(4096)
    return lines


def read_up_to(line, end):
    """What is read of a socket or a pipe, until the pattern is in it."""
    said = b""
    while not re.search(end, said):
        assert select.select([line], [], [], DEADLINE_S)[0], said[-2000:]
        piece = os.read(line if isinstance(line, int) else line.fileno(), 65536)
        assert piece, said[-2000:]
        said += piece


def test_nobody_reads_the_logs_pipe():
    """It is full, and a hostile broker makes all modems say more: they go on, and once somebody
    reads it is said how much was lost."""
    log, writer = os.pipe()
    command = [PROGRAM, "--no-boot-urc", "--tcp", "127.0.0.1:0"]
    with (
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=writer
        ) as child,
        socket.create_server(("127.0.0.1", 0), backlog=TALKATIVE) as listener,
        contextlib.ExitStack() as at_the_end,
    ):
        at_the_end.callback(os.close, log)
        at_the_end.callback(child.kill)
        os.close(writer)
        address, _, port = child.stdout.readline().decode().split()[-1].rpartition(":")
        hosts = connect_many((address, int(port)), listener.getsockname()[1])
        for line in [*hosts, *say_what_is_logged(listener)]:
            at_the_end.callback(line.close)
        for host in hosts:
            read_up_to(host, rb"\+IMQTTCONN:0\r\n")
            host.sendall(b"AT\r")
            read_up_to(host, rb"\r\nOK\r\n")
        read_up_to(log, rb"warning: log: \d+ lines lost: nobody read them\n")
        child.terminate()
        assert child.wait(DEADLINE_S) == 0


def test_nobody_reads_the_log(tmp_path, mosquitto, client_id):
    reader, writer = os.pipe()
    link = tmp_path / "modem"
    command = [PROGRAM, "--pty", link, "--log", "debug"]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=writer
    ) as child:
        os.close(writer)
        assert child.stdout.readline().startswith(b"ready pty")
        os.close(reader)
        host = Host(SerialLine(str(link)))
        host.send("ATE0")
        host.expect(r"ATE0\r\r\nOK\r\n")
        host.pending = b""
        host.connect(mosquitto, client_id=client_id)
        host.close()
        child.terminate()
    assert child.returncode == 0
