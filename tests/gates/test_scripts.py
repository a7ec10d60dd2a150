"""Each script answers --help at once and does nothing, and says what it lacks where there is no root."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
SCRIPTS = sorted(path.name for path in (ROOT / "script").iterdir() if path.is_file())

# Whoever calls one of these does something.
DOERS = ["apt-get", "cmake", "ninja", "sudo", "git", "pytest", "mosquitto", "npm", "dpkg-buildpackage"]


@pytest.fixture
def bare(tmp_path):
    """A copy of script/ alone, on a system where whoever does something leaves a trace."""
    shutil.copytree(ROOT / "script", tmp_path / "tree" / "script")
    (tmp_path / "bin").mkdir()
    for name in DOERS:
        program = tmp_path / "bin" / name
        program.write_text(f"#!/bin/sh\necho {name} >>{tmp_path}/done\nexit 1\n")
        program.chmod(0o755)
    return tmp_path


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if "__pycache__" not in str(path)}


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_help_is_told_and_nothing_done(bare, name, option):
    before = files(bare)
    done = subprocess.run(
        [bare / "tree" / "script" / name, option], capture_output=True, text=True, timeout=20,
        cwd=bare, env={**os.environ, "PATH": f"{bare}/bin:{os.environ['PATH']}"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"usage: script/{name}" in done.stdout
    assert files(bare) == before


PASS_OPTIONS_ON = {"build", "run"}  # to CMake, to imqttd


@pytest.mark.parametrize("name", [name for name in SCRIPTS if name not in PASS_OPTIONS_ON])
def test_an_unknown_option_is_refused_and_nothing_done(bare, name):
    before = files(bare)
    done = subprocess.run(
        [bare / "tree" / "script" / name, "--frobnicate"], capture_output=True, text=True, timeout=60,
        cwd=bare, env={**os.environ, "PATH": f"{bare}/bin:{os.environ['PATH']}"},
    )
    assert done.returncode == 2
    assert "--frobnicate" in done.stderr and name in done.stderr
    assert files(bare) == before


BOOTSTRAP_OPTIONS = re.findall(r"^ *(--\w+)\)", (ROOT / "script" / "bootstrap").read_text(), re.MULTILINE)


@pytest.mark.parametrize("option", BOOTSTRAP_OPTIONS)
def test_each_option_of_bootstrap_is_described_and_used(option):
    """By a script, or it is told to those who contribute."""
    text = (ROOT / "script" / "bootstrap").read_text()
    assert re.search(rf"^# usage:.*{option}\b", text, re.MULTILINE)
    assert re.search(rf"^#   {option} ", text, re.MULTILINE)
    others = [ROOT / "script" / name for name in SCRIPTS if name != "bootstrap"]
    assert any(f"bootstrap {option}" in path.read_text() for path in others)
    assert f"`script/bootstrap {option}`" in (ROOT / "CONTRIBUTING.md").read_text()


def unprivileged():
    return {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}


def readable(folder):
    for path in [folder, *folder.parents]:
        if path.owner() == folder.owner() and path.stat().st_uid == os.getuid() and str(path) != "/tmp":
            path.chmod(path.stat().st_mode | 0o055)


@pytest.mark.parametrize("name", ["run", "soak", "package", "bootstrap", "firmware", "bench", "fuzz"])
def test_what_is_missing_is_said_where_there_is_no_root(bare, name):
    packages = bare / "dpkg"  # where nothing is installed
    packages.mkdir()
    (packages / "status").write_text("")
    (bare / "bin" / "sudo").write_text("#!/bin/sh\nexit 1\n")
    (bare / "tree" / "tests" / "fuzz" / "targets").mkdir(parents=True)
    (bare / "tree" / "tests" / "fuzz" / "targets" / "hex.c").write_text("")
    (bare / "tree" / "firmware" / "board").mkdir(parents=True)
    (bare / "tree" / "CMakeLists.txt").write_text("project(imqtt VERSION 0.1.0 …\n")
    readable(packages)
    arguments = {"fuzz": ["1", "hex"], "soak": ["1"], "firmware": []}.get(name, [])
    for board in ("mps2-an385", "mps2-an386", "mps2-an505"):
        (bare / "tree" / "firmware" / "board" / f"{board}.ld").write_text("")
    done = subprocess.run(
        [bare / "tree" / "script" / name, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=20, **unprivileged(), cwd=bare / "tree",
        env={"PATH": f"{bare}/bin:{os.environ['PATH']}", "DPKG_ADMINDIR": str(packages), "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 1
    assert "\n  sudo apt-get install --no-install-recommends gcc libc6-dev " in done.stderr
    assert "installing needs root" in done.stderr



@pytest.mark.skipif(os.getuid() != 0, reason="only root can make what is root's")
@pytest.mark.parametrize("name", ["build", "package", "site"])
def test_a_build_folder_of_root_is_named(bare, name):
    (bare / "tree" / "build").mkdir()
    readable(bare)
    done = subprocess.run(
        [bare / "tree" / "script" / name], capture_output=True, text=True, timeout=20, **unprivileged(),
    )
    assert done.returncode == 1
    assert "build/ is not yours" in done.stderr and "\n  sudo chown -R " in done.stderr
