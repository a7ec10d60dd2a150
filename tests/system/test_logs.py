"""The log of what went wrong: whose modem, which broker, at what stage, with which code; in the form
that its reader wants, and never more than a disk can take."""

import datetime
import json
import os
import re
import select
import signal
import socket
import subprocess
import threading
from types import SimpleNamespace

import pytest

from aliyun import PRODUCT_SECRET, connect_to_ports, fails_to_register, platform_host, register
from modem import PROGRAM, Imqttd
from processes import DEADLINE_S, Process, free_port
from scripted_server import connack

MANY = 200


@pytest.fixture
def meter(start_imqttd, tmp_path):
    modem = start_imqttd("--pty", tmp_path / "meter")
    modem.ready_pty(tmp_path / "meter")
    modem.host = modem.pty_host(tmp_path / "meter")
    modem.host.turn_echo_off()
    return modem


def nobody(host="127.0.0.1"):
    """Where no broker listens."""
    return SimpleNamespace(host=host, port=free_port())


@pytest.fixture
def answering():
    """A server that answers each piece that comes with the next one of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    answers = []

    def serve():
        connection, _ = listener.accept()
        with connection:
            for answer in answers:
                came = connection.recv(4096)
                connection.sendall(answer(came) if callable(answer) else answer)
            connection.recv(4096)

    thread = threading.Thread(target=serve, daemon=True)

    def start(*given):
        answers.extend(given)
        thread.start()
        return SimpleNamespace(host="127.0.0.1", port=listener.getsockname()[1])

    yield start
    listener.close()


def test_a_refusal_names_modem_broker_stage_code_and_text(meter):
    broker = nobody()
    meter.host.configure(broker)
    meter.host.fail_to_connect()
    meter.logged(f"imqttd: warning: meter: no connection to 127.0.0.1:{broker.port}: tcp 111, "
                 "Connection refused")


def test_a_lookup_that_fails_names_the_name(meter):
    broker = nobody("broker.invalid")
    meter.host.configure(broker)
    meter.host.fail_to_connect()
    meter.logged(f"warning: meter: no connection to broker.invalid:{broker.port}: dns ")


def test_a_refusal_says_where_the_name_really_leads(start_imqttd, tmp_path):
    broker = nobody()
    config = tmp_path / "imqttd.conf"
    config.write_text(f"[modem meter]\npty = {tmp_path}/meter\n"
                      f"connect-to = broker.example:1883={broker.host}:{broker.port}\n")
    daemon = start_imqttd("--config", config, boot_urcs=True)
    daemon.ready_pty(tmp_path / "meter")
    host = daemon.pty_host(tmp_path / "meter")
    host.configure(SimpleNamespace(host="broker.example", port=1883))
    host.fail_to_connect()
    daemon.logged("warning: meter: no connection to broker.example:1883 "
                  f"(connect-to {broker.host}:{broker.port}): tcp 111, Connection refused")


def test_a_connack_that_refuses_has_its_code(meter, answering):
    broker = answering(connack(5))
    meter.host.configure(broker)
    meter.host.fail_to_connect()
    meter.logged(f"warning: meter: no connection to 127.0.0.1:{broker.port}: connack 5, ")


def test_what_ends_with_the_link_is_told_with_it(meter, start_mosquitto):
    broker = start_mosquitto()
    meter.host.connect(broker)
    meter.logged(f"info: meter: connected to 127.0.0.1 port {broker.port}")
    broker.process.child.send_signal(signal.SIGSTOP)  # it answers nothing more
    meter.host.command('AT+IMQTTPUB="/a",1,"x"')
    meter.host.command('AT+IMQTTSUB="/a",1')
    broker.kill()
    meter.host.urc(r"\+IMQTTCONN:-1")
    for what in ("publish failed with", "subscribe failed with", "lost the connection to"):
        meter.logged(f"warning: meter: {what} 127.0.0.1:{broker.port}: ")


def test_a_subscription_that_the_broker_refuses(meter, answering):
    broker = answering(connack(), lambda came: b"\x90\x03" + came[2:4] + b"\x80")
    meter.host.connect(broker)
    meter.host.command('AT+IMQTTSUB="/bad",1')
    meter.host.urc(r"\+IMQTTSUB:\d+,128")
    meter.logged(f"warning: meter: subscribe failed with 127.0.0.1:{broker.port}: request 128, ")


def test_a_registration_that_fails(start_imqttd, tmp_path):
    port = free_port()
    environment = connect_to_ports((platform_host(), port))
    modem = start_imqttd("--pty", tmp_path / "meter", env=environment)
    modem.ready_pty(tmp_path / "meter")
    host = modem.pty_host(tmp_path / "meter")
    host.turn_echo_off()
    host.command("AT+IMQTTMODE=2,1")
    register(host)
    stage, code, text = fails_to_register(host)
    where = f"{platform_host()}:1883 (connect-to 127.0.0.1:{port})"
    modem.logged(f"warning: meter: registration failed with {where}: {stage} {code}, {text}")
    assert not modem.count_logged(PRODUCT_SECRET)


def test_a_connection_led_elsewhere_is_told(start_imqttd):
    """Whoever sets that variable leads connections elsewhere."""
    way = "a.example:1883=127.0.0.1:1"
    modem = start_imqttd("--tcp", "127.0.0.1:0", env={**os.environ, "IMQTT_CONNECT_TO": way})
    modem.ready_tcp()
    modem.logged("imqttd: info: IMQTT_CONNECT_TO: ", way)


# ---- how often ----------------------------------------------------------------------------------


def test_what_is_repeated_is_counted_and_told_at_the_end(meter):
    broker = nobody()
    meter.host.configure(broker)
    for _ in range(MANY):
        meter.host.command("AT+IMQTTCONN")
        meter.host.urc(r"\+IMQTTCONN:-1")
    line = f"no connection to 127.0.0.1:{broker.port}"
    meter.logged(line)
    assert meter.count_logged(line) == 1
    meter.stop()
    assert meter.count_logged(f"warning: meter: repeated {MANY - 1} times: {line}") == 1


def test_a_program_that_has_nothing_to_say_sleeps(start_imqttd):
    """No timer of the log's, nor of anything else, runs while nothing is counted."""
    modem = start_imqttd("--tcp", "127.0.0.1:0",
                         env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
    modem.ready_tcp()
    tracer = Process("strace", "-f", "-p", str(modem.process.child.pid),
                     "-e", "trace=epoll_wait,epoll_pwait")
    tracer.line("attached")
    modem.stop()
    tracer.wait()
    waits = [line for line in tracer.output if "epoll" in line]
    assert any(re.search(r"1024, -1(, .*)?\)", wait) for wait in waits), waits


def test_lines_that_differ_are_bounded_and_counted(meter):
    """A host that goes from one address to the next."""
    port = free_port()
    for i in range(MANY):
        meter.host.command(f"AT+IMQTTADDR=127.0.{i}.1,{port},meter")
        meter.host.command("AT+IMQTTCONN")
        meter.host.urc(r"\+IMQTTCONN:-1")
    meter.stop()
    written = meter.count_logged("no connection to 127.0.")
    left_out = sum(int(re.search(r"(\d+) lines were left out", line)[1])
                   for line in meter.process.output if "left out" in line)
    assert left_out > 0
    assert written + left_out == MANY


# ---- for whom -----------------------------------------------------------------------------------


def refused(stderr, **environment):
    """Runs a modem whose connection is refused; its log goes where it is told."""
    script = f"AT+IMQTTADDR=127.0.0.1,{free_port()},m\rAT+IMQTTCONN\r"
    return subprocess.run(
        [PROGRAM, "--stdio", "--no-boot-urc"], input=script.encode(), stdout=subprocess.DEVNULL,
        stderr=stderr, env={**os.environ, **environment}, timeout=30, check=True,
    )


def test_a_file_gets_times(tmp_path):
    with (tmp_path / "log").open("w") as file:
        refused(file)
    text = (tmp_path / "log").read_text()
    lines = text.splitlines()
    assert any("no connection to" in line for line in lines)
    for line in lines:
        moment = re.match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) imqttd: \w+: ", line)
        assert abs(datetime.datetime.now(datetime.timezone.utc).timestamp()
                   - datetime.datetime.fromisoformat(moment[1]).timestamp()) < 60


def journal(end):
    status = os.fstat(end.fileno())
    return f"{status.st_dev}:{status.st_ino}"


def test_the_journal_gets_priorities_and_keeps_its_own_time():
    """systemd leads stderr into a socket and says which in JOURNAL_STREAM."""
    reader, writer = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with reader, writer:
        refused(writer, JOURNAL_STREAM=journal(writer))
        writer.shutdown(socket.SHUT_WR)
        lines = reader.makefile().read().splitlines()
    assert any(line.startswith("<4>imqttd: warning: ") and "no connection to" in line
               for line in lines)
    assert all(re.match(r"<[3467]>imqttd: ", line) for line in lines)


def test_the_journal_of_another_stream_is_none():
    """What was started by a service, and had its stderr led elsewhere."""
    reader, writer = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with reader, writer:
        refused(writer, JOURNAL_STREAM=journal(reader))
        writer.shutdown(socket.SHUT_WR)
        lines = reader.makefile().read().splitlines()
    assert lines and all(line.startswith("imqttd: ") for line in lines)


def test_a_level_leaves_out_the_rest():
    modem = Imqttd("--stdio", "--log", "error", stdin=subprocess.PIPE)
    modem.process.child.stdin.write(f"AT+IMQTTADDR=127.0.0.1,{free_port()},m\nAT+IMQTTCONN\n".encode())
    modem.process.child.stdin.flush()
    modem.process.line("+IMQTTCONN:-1")
    modem.process.child.stdin.close()
    assert modem.process.wait() == 0
    assert not modem.count_logged("imqttd: ")


# ---- the trace into a pipe ----------------------------------------------------------------------


def test_a_pipe_that_nobody_reads_is_no_trace(tmp_path):
    os.mkfifo(tmp_path / "trace")
    refused = subprocess.run([PROGRAM, "--pty", tmp_path / "meter", "--trace", tmp_path / "trace"],
                             capture_output=True, text=True, timeout=60)
    assert (refused.returncode, refused.stderr) == (
        2, f"imqttd: --trace {tmp_path}/trace: nobody reads it\n")


def test_no_modem_waits_for_who_reads_the_trace(start_imqttd, tmp_path):
    os.mkfifo(tmp_path / "trace")
    pipe = os.open(tmp_path / "trace", os.O_RDONLY | os.O_NONBLOCK)
    modem = start_imqttd("--pty", tmp_path / "meter", "--trace", tmp_path / "trace")
    modem.ready_pty(tmp_path / "meter")
    host = modem.pty_host(tmp_path / "meter")
    host.turn_echo_off()
    for _ in range(120):
        host.ask("AT+" + "X" * 3900)
    modem.logged("error: trace: cannot be written: its reader does not keep up, events are missing")
    came = b""
    while not came.endswith(b"\n") or b'"command":"+CCID"' not in came:
        select.select([pipe], [], [], DEADLINE_S)
        came += os.read(pipe, 1 << 20)
        if came.endswith(b"\n"):
            host.ask("AT+CCID")
    os.close(pipe)
    assert all(json.loads(line) for line in came.splitlines())
    modem.stop()
