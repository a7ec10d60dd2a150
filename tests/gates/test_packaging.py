"""What `cmake --install` puts where, and that the service's files are good."""

import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
EXPOSURE_AT_MOST = 1.3  # redis-server's unit in Debian 12 has 1.2, mosquitto's 9.6

EXPECTED = [
    *("bin/imqttd", "bin/imqttctl", "bin/imqtt-testcloud", "lib/imqtt/imqtt_testcloud.so"),
    *("lib/systemd/system/imqttd.service", "lib/systemd/system/imqttd@.service"),
    *("lib/udev/rules.d/70-imqtt.rules", "lib/sysusers.d/imqtt.conf", "lib/tmpfiles.d/imqtt.conf"),
    *("etc/imqtt/imqttd.conf", "etc/apparmor.d/usr.bin.imqttd"),
    *("share/man/man8/imqttd.8", "share/man/man1/imqttctl.1", "share/man/man1/imqtt-testcloud.1"),
    *("share/man/man5/imqttd.conf.5", "share/man/man5/imqtt-scenario.5"),
    *("share/bash-completion/completions/imqttctl", "share/zsh/vendor-completions/_imqttctl"),
    *("share/fish/vendor_completions.d/imqttctl.fish", "share/imqtt/scenarios/black-hole.yaml"),
    *("share/doc/imqtt/examples/imqttd.conf", "share/doc/imqtt/README.md"),
    *("include/imqtt/modem.h", "lib/libimqtt.a", "lib/pkgconfig/imqtt.pc"),
    "lib/cmake/imqtt/imqttConfig.cmake",
]


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    root = tmp_path_factory.mktemp("root")
    subprocess.run(
        ["cmake", "--install", ROOT / "build"], check=True, stdout=subprocess.DEVNULL,
        env={**os.environ, "DESTDIR": str(root)},
    )
    return root / "usr" / "local"


@pytest.mark.parametrize("path", EXPECTED)
def test_it_is_installed(prefix, path):
    assert (prefix / path).is_file()


def test_no_path_of_the_tree_is_installed(prefix):
    for path in prefix.rglob("*"):
        if path.is_file() and path.suffix not in (".so", ".a") and path.parent.name != "bin":
            assert str(ROOT) not in path.read_text(errors="replace"), path


@pytest.fixture(params=["imqttd.service", "imqttd@.service"])
def unit(request, prefix, tmp_path):
    """As it is installed, with a program that is there."""
    text = (prefix / "lib/systemd/system" / request.param).read_text()
    path = tmp_path / request.param
    path.write_text(text.replace("/usr/local/bin/imqttd", str(ROOT / "build/bin/imqttd")))
    return path


def systemd_analyze(*arguments):
    return subprocess.run(
        ["systemd-analyze", *arguments], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}
    )


def exposure(unit):
    told = systemd_analyze("security", "--offline=true", "--no-pager", unit).stdout
    return float(re.search(r"Overall exposure level for \S+: ([\d.]+)", told)[1])


def test_the_unit_exposes_little(unit):
    assert exposure(unit) <= EXPOSURE_AT_MOST


def test_a_unit_that_exposes_more_is_seen(unit):
    unit.write_text(unit.read_text().replace("NoNewPrivileges=yes", "").replace("PrivateUsers=yes", ""))
    assert exposure(unit) > EXPOSURE_AT_MOST


def test_systemd_understands_the_unit(unit):
    told = systemd_analyze("verify", "--man=no", unit.with_name(unit.name.replace("@", "@x")))
    about_ours = [line for line in told.stderr.splitlines() if "imqttd" in line]
    assert about_ours == []


def test_systemd_would_complain_of_a_mistake(unit):
    unit.write_text(unit.read_text().replace("Restart=on-failure", "Restart=sometimes"))
    told = systemd_analyze("verify", "--man=no", unit.with_name(unit.name.replace("@", "@x")))
    assert "sometimes" in told.stderr


def apparmor_complaints(profile):
    done = subprocess.run(
        ["apparmor_parser", "--skip-kernel-load", "--skip-cache", profile], capture_output=True, text=True
    )
    return [line for line in done.stderr.splitlines() if "rror" in line]


def test_apparmor_understands_the_profile(prefix, tmp_path):
    profile = prefix / "etc/apparmor.d/usr.bin.imqttd"
    assert apparmor_complaints(profile) == []
    bad = tmp_path / "bad"
    bad.write_text(profile.read_text().replace("mr,", "mr"))
    assert apparmor_complaints(bad) != []


def test_the_installed_configuration_is_good(prefix):
    done = subprocess.run(
        [ROOT / "build/bin/imqttd", "--check-config", "--config", prefix / "etc/imqtt/imqttd.conf"],
        capture_output=True, text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
