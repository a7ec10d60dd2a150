"""Secrets are in the modem's memory and in its store, and nowhere else: not in the log, not in a core
dump, not where other programs look."""

import os
import resource
import shutil
import signal
import stat
import subprocess

import pytest

from eavesdropper import assert_private, assert_unseen, files_in
from host import FINAL
from modem import PROGRAM, Imqttd
from processes import DEADLINE_S

PASSWORD, DEVICE_SECRET, PRODUCT_SECRET = (
    f"canary-{kind}-7f3a" for kind in ("password", "device", "product")
)
CANARIES = [PASSWORD, DEVICE_SECRET, PRODUCT_SECRET]

# Typed well, and in every way that could end in an error message which repeats them.
TYPED = [
    f'AT+IMQTTUSER=me,"{PASSWORD}"',
    f'AT+IMQTTUSER=me,"{PASSWORD}",more',
    f'AT+IMQTTUSER=me,"\x01{PASSWORD}"',
    f"AT+IMQTTUSER=me,{PASSWORD * 60}",
    f"AT+IMQTTUSER={PASSWORD},{PASSWORD * 200}",
    f"AT+IMQTTPASSWORD={PASSWORD}",
    f"AT+{PASSWORD}",
    f"AT+IMQTTAUTH=pk,dn,{DEVICE_SECRET}",
    f"AT+IMQTTAUTH=pk,dn,{DEVICE_SECRET},more",
    f"AT+IMQTTAUTH=pk,dn,{DEVICE_SECRET * 5}",
    f"AT+IMQTTDYNREG=0,1,pk,dn,{PRODUCT_SECRET}",
    f"AT+IMQTTDYNREG=0,3,pk,dn,{PRODUCT_SECRET}",
    "AT+IMQTTAUTH?",
    "AT+IMQTTDYNREG?",
    "AT&V",
    "AT&W",
    "ATZ",
]


def type_secrets(host):
    host.turn_echo_off()
    host.send("ATE1")
    host.expect(FINAL)
    for line in TYPED:
        host.type(line.encode() + b"\r")
        host.expect(FINAL)
    host.pending = b""
    host.turn_echo_off()


def holders(folder):
    """The files that have a secret in them."""
    return [
        path
        for path in files_in(folder)
        if any(canary.encode() in path.read_bytes() for canary in CANARIES)
    ]


def test_a_secret_is_only_where_it_belongs(start_imqttd, mosquitto, client_id, tmp_path):
    link, state = tmp_path / "modem", tmp_path / "state"
    modem = start_imqttd("--pty", link, "--state", state, "--log", "debug", cwd=tmp_path)
    terminal = modem.ready_pty(link)
    assert stat.S_IMODE(os.stat(terminal).st_mode) & stat.S_IRWXO == 0
    host = modem.pty_host(link)
    type_secrets(host)
    host.connect(mosquitto, client_id=client_id)
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")
    host.configure(mosquitto, client_id=client_id, tls=1)
    host.fail_to_connect()
    host.send(f"AT+IMQTTUSER=me,{PASSWORD}")  # and is gone before the answer
    host.close()
    host = modem.pty_host(link)
    host.send("AT")
    host.expect(FINAL)
    assert_unseen(modem, CANARIES)
    found = holders(tmp_path)
    assert found, "AT&W has stored them"
    assert all(path.is_relative_to(state) for path in found)
    assert_private(state)
    modem.stop()
    assert_private(state)
    assert not any(canary in line for canary in CANARIES for line in modem.process.output)


# ---- core dumps --------------------------------------------------------------------------------


def allow_core_dumps():
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)  # which a shell's background jobs ignore
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def way_of_ending(child):
    """CLD_KILLED, CLD_DUMPED or CLD_EXITED; the child can still be waited for."""
    return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT).si_code


@pytest.fixture
def dumps_are_made(tmp_path):
    """Another program does leave a core dump here, or the test would say nothing."""
    child = subprocess.Popen(["sleep", "60"], cwd=tmp_path, preexec_fn=allow_core_dumps)
    child.send_signal(signal.SIGABRT)
    dumped = way_of_ending(child) == os.CLD_DUMPED
    child.wait(DEADLINE_S)
    for path in files_in(tmp_path):
        path.unlink()
    if not dumped:
        pytest.skip("this computer makes no core dumps")


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGQUIT])
def test_a_crash_leaves_no_core_dump(dumps_are_made, tmp_path, number):
    link = tmp_path / "modem"
    modem = Imqttd("--pty", link, cwd=tmp_path, preexec_fn=allow_core_dumps)
    modem.ready_pty(link)
    host = modem.pty_host(link)
    type_secrets(host)
    modem.signal(number)
    assert way_of_ending(modem.process.child) != os.CLD_DUMPED
    modem.process.wait()
    host.close()
    assert files_in(tmp_path) == []
    assert not any(canary in line for canary in CANARIES for line in modem.process.output)


# ---- other programs of the same user -----------------------------------------------------------


def can_open(process, name, ordinary_user):
    """Whether a program of that user can open /proc/PID/name."""
    command = ["sh", "-c", f": < /proc/{process.pid}/{name}"]
    return subprocess.run(command, capture_output=True, **ordinary_user).returncode == 0


def test_other_programs_of_the_same_user_cannot_look_in(ordinary_user, open_folder, start_imqttd):
    program = shutil.copy(PROGRAM, open_folder / "imqttd")
    modem = start_imqttd("--tcp", "127.0.0.1:0", program=program, **ordinary_user)
    modem.ready_tcp()
    type_secrets(modem.tcp_host())
    other = subprocess.Popen(["sleep", "60"], **ordinary_user)
    names = ("environ", "maps", "mem")
    open_elsewhere = {name for name in names if can_open(other, name, ordinary_user)}
    other.kill()
    other.wait(DEADLINE_S)
    assert {"environ", "maps"} <= open_elsewhere  # mem depends on the kernel's settings
    assert not any(can_open(modem.process.child, name, ordinary_user) for name in names)
    assert can_open(modem.process.child, "cmdline", ordinary_user)
