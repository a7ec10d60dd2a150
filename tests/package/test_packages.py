"""The packages on a bare Debian without systemd: installed, used, upgraded, removed, purged; and what
may go wrong on the way."""

import os
import pathlib
import re
import subprocess
import time

import pytest

from host import Host, SerialLine
from processes import Process, free_port

ROOT = pathlib.Path(__file__).parents[2]
CONFIGURATION = "/etc/imqtt/imqttd.conf"
DEADLINE_S = 20

MODEM = """
[modem meter]
pty = /run/imqtt/meter
connect-to = 203.156.205.55:1883=127.0.0.1:{port}
reconnect = 1s..60s
"""


def await_that(condition):
    """Looks at what nobody tells, until it is there."""
    deadline = time.monotonic() + DEADLINE_S
    while not (found := condition()):
        assert time.monotonic() < deadline
        os.sched_yield()
    return found


def answers(system):
    return system.run("imqttctl", "--json", "list", check=False).returncode == 0


def configure(system, port):
    path = system.path(CONFIGURATION)
    path.write_text(path.read_text() + MODEM.format(port=port))
    system.run("imqttd", "--check-config", "--config", CONFIGURATION)
    system.run("invoke-rc.d", "imqttd", "reload")


def terminal(system, link="/run/imqtt/meter"):
    """Where the modem's link leads, seen from outside."""
    target = await_that(lambda: os.path.islink(system.path(link)) and os.readlink(system.path(link)))
    return str(system.path(target))


def expected(text):
    """What the file says, with the line ends of a modem and any ids of the broker's."""
    pattern = re.escape(text.replace("\n", "\r\n"))
    return re.sub(r"(IMQTTRCVPUB:)\d+", r"\1\\d+", pattern)


def play_the_manuals_session(host):
    """What is typed and what comes, one command after the other."""
    commands = (ROOT / "examples" / "manual-standard.at").read_text().splitlines()
    rest = (ROOT / "examples" / "manual-standard.txt").read_text()
    for command, following in zip(commands, [*commands[1:], None], strict=True):
        rest = rest.removeprefix(command + "\n")
        answer, _, after = rest.partition("\n" + following + "\n") if following else (rest, "", "")
        host.send(command)
        host.expect(re.escape(command) + r"\r" + expected(answer))
        rest = following + "\n" + after if following else ""


def version(system):
    return system.run("dpkg-query", "--show", "--showformat=${Version}", "imqtt").stdout


def difference(before, after):
    names = {name for name in before.keys() | after.keys() if before.get(name, 0) != after.get(name, 0)}
    return {name for name in names if not re.fullmatch(r"/etc/(passwd|g?shadow|group|sub[ug]id)-", name)}


def test_its_life(system, older, packages, broker):
    before = system.files()
    system.install(older["imqtt"])
    await_that(lambda: answers(system))
    pid = system.pid_of("imqttd")
    uid = int(re.search(r"^imqtt:x:(\d+):", system.path("/etc/passwd").read_text(), re.MULTILINE)[1])
    assert f"Uid:\t{uid}\t{uid}" in pathlib.Path(f"/proc/{pid}/status").read_text()
    assert re.search(r"^dialout:.*imqtt", system.path("/etc/group").read_text(), re.MULTILINE)
    state = os.stat(system.path("/var/lib/imqtt"))
    assert (state.st_mode & 0o777, state.st_uid) == (0o700, uid)

    configure(system, broker.port)
    host = Host(SerialLine(terminal(system)))
    play_the_manuals_session(host)
    host.send("AT&W")
    host.expect(r"OK\r\n")
    host.close()

    changed, was = system.path(CONFIGURATION).read_text(), version(system)
    system.install(packages["imqtt"])
    assert version(system) != was
    await_that(lambda: answers(system))
    assert system.pid_of("imqttd") not in (pid, None)
    assert system.path(CONFIGURATION).read_text() == changed
    host = Host(SerialLine(terminal(system)))
    host.send("AT+IMQTTADDR?")
    host.expect(re.escape("+IMQTTADDR:203.156.205.55,1883,testMQTT\r\n"))
    host.close()

    system.run("dpkg", "--remove", "imqtt")
    assert system.pid_of("imqttd") is None
    assert system.path(CONFIGURATION).read_text() == changed
    assert any(system.path("/var/lib/imqtt").iterdir())

    system.run("dpkg", "--purge", "imqtt")
    assert difference(before, system.files()) == set()


def repacked(package, folder, suffix, change):
    """The same package with a higher version, and something else in it."""
    tree = folder / "tree"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    control = tree / "DEBIAN" / "control"
    control.write_text(re.sub(r"^(Version: .*)$", r"\1" + suffix, control.read_text(), flags=re.MULTILINE))
    change(tree)
    built = folder / f"imqtt{suffix}.deb"
    subprocess.run(["dpkg-deb", "--build", tree, built], check=True, stdout=subprocess.DEVNULL)
    return built


def change_configuration(tree):
    path = tree / CONFIGURATION.lstrip("/")
    path.write_text(path.read_text() + "# A new word of ours.\n")


def test_an_upgrade_over_a_changed_configuration(system, packages, tmp_path):
    system.install(packages["imqtt"])
    own = system.path(CONFIGURATION)
    own.write_text(own.read_text() + "# A word of the owner's.\n")
    text = own.read_text()
    newer = repacked(packages["imqtt"], tmp_path, "+1", change_configuration)

    asked = system.install(newer, check=False)
    assert asked.returncode != 0 and "conffile prompt" in asked.stderr
    assert own.read_text() == text

    system.install(newer, options=["--force-confdef", "--force-confold"])
    assert own.read_text() == text
    assert "A new word of ours" in system.path(CONFIGURATION + ".dpkg-dist").read_text()
    await_that(lambda: answers(system))


def fill(system, leave_bytes):
    """Another file takes the space."""
    free = os.statvfs(system.memory)
    blocks = (free.f_bavail * free.f_frsize - leave_bytes) // free.f_frsize
    with open(system.memory / "filler", "wb") as filler:
        for _ in range(blocks):
            filler.write(bytes(free.f_frsize))
    return system.memory / "filler"


def test_a_disk_that_fills_during_an_upgrade(make_system, older, packages):
    system = make_system(size="64m")
    system.install(older["imqtt"])
    await_that(lambda: answers(system))
    was = version(system)
    files = system.files()
    filler = fill(system, 600_000)

    full = system.install(packages["imqtt"], check=False)
    assert full.returncode != 0 and "No space left on device" in full.stderr
    await_that(lambda: answers(system))
    changed = difference(files, system.files())
    assert {name for name in changed if not name.startswith("/var/lib/imqtt/")} == set()
    assert version(system) == was

    filler.unlink()
    system.install(packages["imqtt"])
    assert version(system) != was
    await_that(lambda: answers(system))


def test_without_a_broker(system, packages):
    system.install(packages["imqtt"])
    configure(system, free_port())
    host = Host(SerialLine(terminal(system)))
    host.send('AT+IMQTTADDR=203.156.205.55,1883,"meter"')
    host.expect(r"OK\r\n")
    host.send("AT+IMQTTCONN")
    host.expect(r"\+IMQTTCONN:-1\r\n")
    host.send("AT+IMQTTERR?")
    host.expect(r"\+IMQTTERR:tcp,\d+,\"Connection refused\"\r\n")
    host.close()


def as_nobody(system, *command):
    return system.run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command, check=False)


def test_without_root(system, packages):
    refused = as_nobody(system, "dpkg", "--install", system.offer(packages["imqtt"]))
    assert refused.returncode != 0 and "superuser" in refused.stderr
    system.install(packages["imqtt"])

    foreign = as_nobody(system, "imqttd", "--config", CONFIGURATION)
    assert foreign.returncode == 2
    assert "/var/lib/imqtt" in foreign.stderr and "ermission denied" in foreign.stderr
    closed = as_nobody(system, "imqttctl", "list")
    assert closed.returncode == 3
    assert "/run/imqtt/control: permission denied: it is for the user imqtt, and root" in closed.stderr

    said = system.run(
        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "imqttd", "--stdio", input="AT\r"
    )
    assert "OK" in said.stdout


def test_without_a_serial_port(system, packages):
    system.install(packages["imqtt"])
    path = system.path(CONFIGURATION)
    path.write_text(path.read_text() + "\n[modem meter]\nserial = /dev/ttyS99\n")
    system.run("imqttd", "--check-config", "--config", CONFIGURATION)
    system.run("invoke-rc.d", "imqttd", "stop")
    own = ("setpriv", "--reuid=imqtt", "--regid=imqtt", "--init-groups")
    daemon = Process("chroot", system.root, *own, "imqttd", "--config", CONFIGURATION)
    assert "No such file" in daemon.line("/dev/ttyS99")
    assert daemon.terminate() == 0


def test_the_private_cloud(system, packages, tmp_path):
    system.install(packages["imqtt-testcloud"])
    cloud = Process("chroot", system.root, "imqtt-testcloud", str(free_port()), str(free_port()), "/tmp/cloud")
    cloud.line("ready")
    assert system.path("/tmp/cloud/ca.crt").exists()
    assert "device " in system.path("/tmp/cloud/devices").read_text()
    assert cloud.terminate() == 0
    assert "usage: imqtt-testcloud PORT" in system.run("imqtt-testcloud", "--help").stdout


def test_the_plugin_of_pytest(system, packages):
    system.install(packages["imqtt"], packages["python3-pytest-imqtt"])
    system.path("/tmp/test_it.py").write_text(
        "def test_it(modem):\n"
        "    with open(modem.path, 'r+b', buffering=0) as line:\n"
        "        line.write(b'AT\\r')\n"
        "        assert modem.expect_at('AT', within=10)\n"
    )
    assert "1 passed" in system.run("python3", "-m", "pytest", "-q", "/tmp/test_it.py").stdout


def test_an_application_of_the_library(packages, tmp_path):
    subprocess.run(["dpkg-deb", "--extract", packages["libimqtt-dev"], tmp_path], check=True)
    flags = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "imqtt"], check=True, capture_output=True, text=True,
        env={
            **os.environ, "PKG_CONFIG_SYSROOT_DIR": str(tmp_path),
            "PKG_CONFIG_LIBDIR": str(next(tmp_path.glob("usr/lib/*/pkgconfig"))),
        },
    ).stdout.split()
    program = tmp_path / "program.c"
    program.write_text('#include "imqtt/modem.h"\nint main(void) { return imqtt_modem_bytes() == 0; }\n')
    subprocess.run(["gcc", program, *flags, "-o", tmp_path / "program"], check=True)
    subprocess.run([tmp_path / "program"], check=True)


# What Debian wants beside it, and what CMake does not build: the site is an option, the plugin is Python's.
OF_THE_PACKAGE_ALONE = re.compile(
    r"etc/init\.d/imqttd|share/doc/[\w-]+/(changelog|copyright)|share/doc/imqtt/html/.*|lib/python3/.*"
)


def packaged(package):
    """Its files, without the prefix and what is this architecture's."""
    listed = subprocess.run(
        ["dpkg-deb", "--contents", package], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    names = [re.match(r"\S+ +\S+ +\d+ \S+ \S+ \./(.*?)(?: -> .*)?$", line)[1] for line in listed]
    return {
        re.sub(r"^(usr/)?(lib/[\w-]+-linux-gnu/)?", lambda found: "lib/" if found[2] else "", name).removesuffix(".gz")
        for name in names if not f"/{name}".endswith("/")
    }


def test_cmake_installs_what_is_packaged(packages, tmp_path):
    subprocess.run(
        ["cmake", "--install", ROOT / "build"], check=True, stdout=subprocess.DEVNULL,
        env={**os.environ, "DESTDIR": str(tmp_path)},
    )
    prefix = tmp_path / "usr" / "local"
    installed = {str(path.relative_to(prefix)) for path in prefix.rglob("*") if not path.is_dir()}
    in_packages = set.union(*map(packaged, packages.values()))
    assert installed - in_packages == set()
    assert {name for name in in_packages - installed if not OF_THE_PACKAGE_ALONE.fullmatch(name)} == set()


@pytest.mark.parametrize("page", ["imqttd.8", "imqttctl.1", "imqttd.conf.5", "imqtt-scenario.5", "imqtt-at.7"])
def test_its_pages_are_there(packages, page):
    listed = subprocess.run(
        ["dpkg-deb", "--contents", packages["imqtt"]], check=True, capture_output=True, text=True
    ).stdout
    assert f"/usr/share/man/man{page[-1]}/{page}.gz" in listed
    assert "/usr/share/doc/imqtt/html/index.html" in listed
    assert "/usr/share/doc/imqtt/html/docs/diagrams" not in listed
