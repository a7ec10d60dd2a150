"""What the programs say to who calls them wrongly, and what their exit status is worth."""

import subprocess

import pytest

from modem import PROGRAM

IMQTTCTL = PROGRAM.parent / "imqttctl"


def call(program, *options, **how):
    return subprocess.run(
        [program, *options], capture_output="stdout" not in how, text=True, timeout=30,
        **{"stdin": subprocess.DEVNULL, **how} if "input" not in how else how,
    )


@pytest.mark.parametrize(
    "options, complaint",
    [
        (["--frobnicate"], "--frobnicate: unknown option"),
        (["-x"], "-x: unknown option"),
        (["modem"], "modem: not an option"),
        (["--pty"], "--pty needs LINK"),
        (["--stdio=yes"], "--stdio takes no value"),
        (["--tcp", "7000"], "--tcp 7000: not of the form HOST:PORT"),
        (["--tcp", "::1:7000"], "--tcp ::1:7000: an IPv6 address stands in brackets: [::1]:7000"),
        ([], "no terminal: give at least one of --pty, --serial, --tcp, --stdio, or --config"),
    ],
)
def test_imqttd_says_what_is_wrong_and_where_to_read_on(options, complaint):
    result = call(PROGRAM, *options)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"imqttd: {complaint} (usage: imqttd OPTION...; imqttd --help)\n"


@pytest.mark.parametrize("key", ["control-tcp = ::1:7000", "[modem m]\ntcp = ::1:7000"])
def test_a_configuration_is_told_how_ipv6_is_written(tmp_path, key):
    path = tmp_path / "imqttd.conf"
    path.write_text(f"[imqttd]\n{key}\n")
    result = call(PROGRAM, "--check-config", "--config", path)
    assert result.returncode == 2
    assert "an IPv6 address stands in brackets: [::1]:7000" in result.stderr


@pytest.mark.parametrize("options", [["--frobnicate"], ["-H", "localhost:1", "list"], ["--socket"]])
def test_imqttctl_says_where_to_read_on(options):
    result = call(IMQTTCTL, *options)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith(" (usage: imqttctl [OPTION ...] [VERB ...]; imqttctl --help)\n")


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("program", [PROGRAM, IMQTTCTL])
def test_help(program, option):
    result = call(program, option)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"usage: {program.name} ")


@pytest.mark.parametrize(
    "script, options, status",
    [
        ("AT\nAT+NOSUCH\nAT\n", ["--strict"], 1),
        ("AT+CMEE=1\nAT+IMQTTDISCONN\n", ["--strict"], 1),
        ("AT\nAT+CSQ\n", ["--strict"], 0),
        ("AT\nAT+NOSUCH\nAT\n", [], 0),
    ],
)
def test_a_strict_script_that_meets_an_error_fails(script, options, status):
    result = call(PROGRAM, "--stdio", *options, input=script)
    assert result.returncode == status
    assert result.stdout.rstrip().endswith(("OK", "+CME ERROR: 3"))  # all of it is typed


WHO_WRITES = [
    (PROGRAM, ["--stdio"]), (PROGRAM, ["--help"]), (PROGRAM, ["--version"]),
    (IMQTTCTL, ["--help"]), (IMQTTCTL, ["--version"]), (IMQTTCTL, ["--completion", "bash"]),
]


@pytest.mark.parametrize("program, options", WHO_WRITES)
def test_output_that_is_lost_is_a_failure(program, options):
    with open("/dev/full", "w") as full:
        result = call(program, *options, input="AT\n", stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 1
    assert "No space left on device" in result.stderr


@pytest.mark.parametrize("program, options", WHO_WRITES)
def test_a_closed_output_is_one_as_well(program, options):
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", program]
    result = call(*closed, *options, input="AT\n")
    assert result.returncode == 1
    assert "Bad file descriptor" in result.stderr


def test_a_configuration_without_a_modem_waits_for_one(start_imqttd, tmp_path):
    path, link = tmp_path / "imqttd.conf", tmp_path / "modem"
    path.write_text(f"[imqttd]\ncontrol = {tmp_path}/control\n")
    modem = start_imqttd("--config", path)
    modem.process.line("no modem yet")
    path.write_text(f"{path.read_text()}[modem meter]\npty = {link}\n")
    assert call(IMQTTCTL, "-s", f"{tmp_path}/control", "reload").returncode == 0
    modem.ready_pty(link)
    assert modem.process.terminate() == 0
