"""The store under imqttd: AT&W over SIGKILL and restart, and over what can be wrong with a disk."""

import os
import pathlib
import signal
import sqlite3
import stat
import subprocess
import time

import pytest

from modem import PROGRAM
from processes import DEADLINE_S, Process

CANARY = "canary-in-the-coal-mine"


class Desk:
    """A computer with modems on it: always the same terminals, always the same state."""

    def __init__(self, folder, start_imqttd):
        self.folder, self.state = folder, folder / "state"
        self._start_imqttd = start_imqttd
        self.modem = None

    @property
    def database(self):
        return self.state / "imqtt.db"

    def links(self, count):
        return [self.folder / f"modem{number}" for number in range(count)]

    def start(self, count=1, **settings):
        """imqttd with some modems; the host of the first, or a list of hosts."""
        links = self.links(count)
        terminals = [part for link in links for part in ("--pty", link)]
        self.modem = self._start_imqttd(
            *terminals, "--state", self.state, "--log", "debug", **settings
        )
        for link in links:
            self.modem.ready_pty(link)
        hosts = [self.modem.pty_host(link) for link in links]
        for host in hosts:
            host.turn_echo_off()
            host.command("AT+CMEE=1")
        return hosts[0] if count == 1 else hosts

    def stop(self):
        if self.modem:
            self.modem.stop()

    def cut_power(self):
        self.modem.signal(signal.SIGKILL)
        self.modem.process.wait()

    def restart(self):
        self.stop()
        return self.start()

    def start_after_power_cut(self):
        self.cut_power()
        return self.start()

    def logged(self, *parts):
        self.modem.logged(*parts)


@pytest.fixture
def desk(start_imqttd, tmp_path):
    started = []

    def start(*options, **settings):
        started.append(start_imqttd(*options, **settings))
        return started[-1]

    yield Desk(tmp_path, start)
    for modem in started:
        modem.stop()
        assert CANARY not in "\n".join(modem.process.output)


def configure(host, name):
    host.command(f"AT+IMQTTUSER={name},{CANARY}")


def save(host, name):
    configure(host, name)
    host.command("AT&W")


def fails_to_save(host, name):
    """AT&W is refused, and the modem goes on with what it was told."""
    configure(host, name)
    assert host.ask("AT&W") == ([], "+CME ERROR: 100")
    assert user(host) == name


def user(host):
    """The name of the user in force; None with the factory's settings."""
    (line,) = host.command("AT+IMQTTUSER?")
    name, _, password = line.removeprefix("+IMQTTUSER:").partition(",")
    assert password == ("*****" if name != '""' else '""')
    return name if name != '""' else None


# ---- power cuts


def test_settings_survive_sigkill(desk):
    host = desk.start()
    for number in range(10):
        save(host, f"user{number}")
        host = desk.start_after_power_cut()
        assert user(host) == f"user{number}"


def test_sigkill_at_any_moment_leaves_the_old_or_the_new(desk):
    host = desk.start()
    save(host, "old")
    before = "old"
    for number in range(20):
        configure(host, f"user{number}")
        host.send("AT&W")
        host = desk.start_after_power_cut()
        assert user(host) in (before, f"user{number}")
        before = user(host)


def test_sigterm_lets_a_save_finish(desk):
    host = desk.start()
    configure(host, "last words")
    host.type(b"AT+CMEE=1\rAT&W\r")
    host.expect(r"\r\nOK\r\n")
    assert user(desk.restart()) in ("last words", None)


# ---- whose settings


def test_modems_of_one_program_have_settings_of_their_own(desk):
    hosts = desk.start(3)
    for number, host in enumerate(hosts):
        configure(host, f"user{number}")
    for host in hosts:
        host.send("AT&W")
    for host in hosts:
        host.expect(r"\r\nOK\r\n")
    desk.cut_power()
    assert [user(host) for host in desk.start(4)] == ["user0", "user1", "user2", None]


def test_programs_may_share_a_folder(desk, start_imqttd, tmp_path):
    host = desk.start()
    other_link = tmp_path / "other"
    other = start_imqttd("--pty", other_link, "--state", desk.state)
    other.ready_pty(other_link)
    other_host = other.pty_host(other_link)
    other_host.turn_echo_off()
    for number in range(10):
        save(host, f"user{number}")
        save(other_host, f"other{number}")
    assert user(desk.start_after_power_cut()) == "user9"
    other_host.command("ATZ")
    other_host.turn_echo_off()
    assert user(other_host) == "other9"


def test_modems_of_a_tcp_listener_share_their_settings(start_imqttd, tmp_path):
    modem = start_imqttd("--tcp", "127.0.0.1:0", "--state", tmp_path / "state")
    modem.ready_tcp()
    first = modem.tcp_host()
    first.turn_echo_off()
    configure(first, "shared")
    first.send("AT&W")
    first.close()  # hangs up before it is answered
    for _ in range(2):
        host = modem.tcp_host()
        host.turn_echo_off()
        assert user(host) in ("shared", None)
        save(host, "shared")


def test_without_a_state_nothing_is_stored(host):
    host.command("AT+CMEE=1")
    configure(host, "me")
    assert host.ask("AT&W") == ([], "+CME ERROR: 4")
    host.command("ATZ")
    host.turn_echo_off()
    assert user(host) is None


# ---- whose business


def modes(desk):
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in desk.state.iterdir()}


@pytest.mark.parametrize("mask", [0, 0o022, 0o777])
def test_files_are_private(desk, mask):
    save(desk.start(preexec_fn=lambda: os.umask(mask)), "me")
    assert stat.S_IMODE(desk.state.stat().st_mode) == 0o700
    names = ("imqtt.db", "imqtt.db-wal", "imqtt.db-shm")
    assert modes(desk) == {name: 0o600 for name in names}
    desk.stop()
    assert modes(desk) == {"imqtt.db": 0o600}


@pytest.mark.parametrize(
    "make, why",
    [
        (lambda path: (path.mkdir(0o755), (path / "letter").touch()), "open to other users"),
        (lambda path: (path.mkdir(), path.chmod(0o1777)), "open to other users"),
        (lambda path: path.touch(), "Not a directory"),
        (lambda path: path.symlink_to("nowhere"), "No such file"),
    ],
)
def test_a_bad_folder_is_refused(tmp_path, make, why):
    state = tmp_path / "state"
    make(state)
    command = [PROGRAM, "--stdio", "--state", state]
    result = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 2
    assert f"--state {state}: " in result.stderr and why in result.stderr
    assert result.stderr.count("\n") == 1


# ---- disks

@pytest.fixture
def start_on_a_disk(start_imqttd, tmp_path):
    """A program, its host, and what makes the store wait for the disk for an hour: a tracer."""
    disks = []

    def start():
        modem = start_imqttd(
            "--pty", tmp_path / "modem", "--tcp", "127.0.0.1:0", "--state", tmp_path / "state",
            env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"},  # which would not bear a tracer
        )
        modem.ready_pty(tmp_path / "modem")
        modem.ready_tcp()
        return modem, modem.pty_host(tmp_path / "modem")

    def hang(modem):
        modem.disk = Process(
            "strace", "-f", "-p", str(modem.process.child.pid), "-e", "trace=fdatasync,fsync",
            "-e", "inject=fdatasync,fsync:delay_enter=3600000000",
        )
        disks.append(modem.disk)
        modem.disk.line("attached")

    yield start, hang
    for disk in disks:
        disk.kill()


@pytest.fixture
def hung(start_on_a_disk):
    """A program whose store waits for the disk."""
    start, hang = start_on_a_disk
    modem, host = start()
    host.turn_echo_off()  # it has begun: its settings were loaded
    host.command("ATE1")
    hang(modem)
    host.send("AT&W")
    host.expect(r"AT&W\r")  # its echo: the store was asked before whoever comes now
    return modem


def test_a_hung_disk_stops_no_other_modem(hung):
    """One that begins has the factory's settings, and the log says why."""
    late = hung.tcp_host()
    late.turn_echo_off()
    hung.logged("tcp 127.0.0.1", "cannot be loaded")
    assert late.command("AT") == []


def has_ended(pid):
    """All but the thread that nothing can end."""
    return "\nState:\tZ" in pathlib.Path(f"/proc/{pid}/status").read_text()


def awaits_end(modem):
    begun_s = time.monotonic()
    while not has_ended(modem.process.child.pid):
        assert time.monotonic() - begun_s < DEADLINE_S
    modem.disk.kill()
    assert modem.process.wait() == 0


@pytest.mark.parametrize("times", [1, 2])
def test_a_hung_disk_does_not_keep_the_program(hung, times):
    """SIGTERM: it waits some seconds for what is being stored; again: it does not."""
    late = hung.tcp_host()
    late.turn_echo_off()  # the store has been asked, and does not answer
    for _ in range(times):
        hung.signal(signal.SIGTERM)
    awaits_end(hung)


@pytest.mark.parametrize("times", [1, 2])
def test_a_disk_that_hangs_at_the_end_does_not_keep_the_program(start_on_a_disk, times):
    """All is stored; closing the database writes, too. Who asks again then does not interrupt that."""
    start, hang = start_on_a_disk
    modem, host = start()
    host.turn_echo_off()
    host.command("AT&W")
    hang(modem)
    for _ in range(times):
        modem.signal(signal.SIGTERM)
    awaits_end(modem)


@pytest.fixture
def disk(desk):
    """The state is on a small file system of its own; its options can be changed."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system")
    desk.state.mkdir()

    def mount(options):
        command = ["mount", "-t", "tmpfs", "-o", f"{options},mode=0700", "tmpfs", desk.state]
        return subprocess.run(command, check=True, capture_output=True)

    mount("size=256k")
    try:
        yield lambda options: mount(f"remount,{options}")
        desk.stop()
    finally:
        subprocess.run(["umount", "--lazy", desk.state], check=True)


def fill(folder):
    """Leaves no room in the file system; what is to be deleted to have some again."""
    path = folder / "ballast"
    with path.open("wb", buffering=0) as file, pytest.raises(OSError):
        while True:
            file.write(bytes(4096))
    return path


def test_a_full_disk(desk, disk):
    host = desk.start()
    save(host, "before")
    ballast = fill(desk.state)
    for _ in range(300):  # what was written so far may have left room for a few
        configure(host, "lost")
        if host.ask("AT&W")[1] != "OK":
            break
        save(host, "before")
    fails_to_save(host, "lost")
    desk.logged("modem0", "settings not saved", "disk")
    host = desk.restart()
    assert user(host) == "before"
    fails_to_save(host, "lost")
    ballast.unlink()
    save(host, "after")
    assert user(desk.start_after_power_cut()) == "after"


def test_a_full_disk_from_the_start(desk, disk):
    ballast = fill(desk.state)
    host = desk.start()
    desk.logged("store", "imqtt.db", "nothing can be saved")
    assert user(host) is None
    fails_to_save(host, "lost")
    ballast.unlink()
    save(host, "after")
    assert user(desk.start_after_power_cut()) == "after"


def test_a_read_only_disk(desk, disk):
    save(desk.start(), "before")
    desk.stop()
    disk("ro")
    host = desk.start()
    desk.logged("store", "Read-only file system")
    assert user(host) == "before"
    fails_to_save(host, "lost")
    desk.logged("modem0", "settings not saved", "Read-only file system")
    disk("rw")
    save(host, "after")
    assert user(desk.start_after_power_cut()) == "after"


def test_a_disk_that_becomes_read_only_after_a_power_cut(desk, disk):
    save(desk.start(), "before")
    desk.cut_power()
    disk("ro")
    assert user(desk.start()) == "before"


# ---- what is in the file


def test_what_is_no_database_is_kept_and_a_new_one_begun(desk):
    save(desk.start(), "gone")
    desk.stop()
    desk.database.write_bytes(b"no database" * 1000)
    host = desk.start()
    desk.logged("store", "kept as imqtt.db.corrupt-")
    assert user(host) is None
    save(host, "new")
    (aside,) = desk.state.glob("imqtt.db.corrupt-*")
    assert aside.read_bytes() == b"no database" * 1000
    assert set(modes(desk).values()) == {0o600}
    assert user(desk.start_after_power_cut()) == "new"


def test_damaged_records_are_an_error_and_left_alone(desk):
    save(desk.start(), "damaged")
    desk.stop()
    content = desk.database.read_bytes()
    desk.database.write_bytes(content[:4096] + b"x" * (len(content) - 4096))
    host = desk.start()
    desk.logged("modem0", "stored settings cannot be loaded", "malformed", "goes on without")
    assert user(host) is None
    fails_to_save(host, "lost")
    assert list(desk.state.glob("imqtt.db.corrupt-*")) == []


def test_a_newer_schema_is_left_alone(desk):
    save(desk.start(), "newer")
    desk.stop()
    with sqlite3.connect(desk.database) as database:
        database.execute("PRAGMA user_version = 1000")
    database.close()
    before = desk.database.read_bytes()
    host = desk.start()
    desk.logged("store", "a newer imqtt has written it (schema 1000")
    assert user(host) is None
    fails_to_save(host, "older")
    desk.stop()
    assert desk.database.read_bytes() == before


def test_a_backup_made_while_it_runs_can_be_put_back(desk):
    """As docs/operations.md says."""
    host = desk.start()
    save(host, "before")
    with sqlite3.connect(desk.database) as running, sqlite3.connect(desk.folder / "backup.db") as backup:
        running.backup(backup)
    running.close()
    backup.close()
    save(host, "after")
    desk.stop()
    desk.database.write_bytes((desk.folder / "backup.db").read_bytes())
    for name in ("imqtt.db-wal", "imqtt.db-shm"):
        (desk.state / name).unlink(missing_ok=True)
    assert user(desk.start()) == "before"


def test_an_unreadable_record_is_kept_aside(desk):
    save(desk.start(), "mine")
    desk.stop()
    with sqlite3.connect(desk.database) as database:
        database.execute("UPDATE record SET bytes = ? WHERE kind = 'settings'", [b"\xff\x00\x01"])
    host = desk.start()
    desk.logged("modem0", "stored settings are unreadable; factory values are used")
    assert user(host) is None
    host = desk.restart()  # it is still there, and still of no use
    desk.logged("modem0", "stored settings are unreadable")
    save(host, "new")
    query = "SELECT bytes FROM record WHERE set_aside_at IS NOT NULL"
    assert database.execute(query).fetchall() == [(b"\xff\x00\x01",)]
    database.close()
    assert user(desk.start_after_power_cut()) == "new"


# ---- other programs


def test_a_locked_database(desk):
    """The host hears of it, other commands are not held up, and the lock's end is the error's."""
    host, other = desk.start(2)
    save(host, "before")
    lock = sqlite3.connect(desk.database, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    configure(host, "lost")
    host.send("AT&W")
    other.command("AT")
    assert host.pending == b""
    host.expect(r"\A\r\n\+CME ERROR: 100\r\n")
    desk.logged("modem0", "settings not saved: database is locked")
    host.command("ATZ")
    host.turn_echo_off()
    assert user(host) == "before"
    lock.execute("ROLLBACK")
    save(host, "after")
    lock.close()
    assert user(desk.start_after_power_cut()) == "after"


def test_a_database_locked_from_the_start(desk):
    save(desk.start(), "before")
    desk.stop()
    lock = sqlite3.connect(desk.database, isolation_level=None)
    lock.execute("PRAGMA locking_mode = EXCLUSIVE")
    lock.execute("BEGIN EXCLUSIVE")
    host, other = desk.start(2)
    desk.logged("modem0", "stored settings cannot be loaded: database is locked")
    assert user(host) is None
    configure(host, "typed")
    assert host.ask("ATZ") == ([], "+CME ERROR: 100")
    assert user(host) == "typed"
    lock.close()
    other.command("ATZ")  # the store comes to it when it has done with what waited for the lock
    host.command("ATZ")
    host.turn_echo_off()
    assert user(host) == "before"
