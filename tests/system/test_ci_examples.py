"""The jobs of examples/ci, as far as they run without GitHub, GitLab and a registry of images."""

import json
import pathlib
import re
import shlex
import shutil
import subprocess

import pytest
import yaml

from modem import PROGRAM

ROOT = pathlib.Path(__file__).parents[2]
CI = ROOT / "examples/ci"


@pytest.fixture
def checkout(tmp_path):
    """A project as the jobs find it: a driver, its Makefile, scenarios (one, to be quick)."""
    for name in ("Makefile", "meter.c", "blind_meter.c"):
        shutil.copy(CI / name, tmp_path)
    (tmp_path / "scenarios").mkdir()
    shutil.copy(ROOT / "scenarios/reboot.yaml", tmp_path / "scenarios")
    return tmp_path


def run(commands, folder):
    script = "set -e\n" + "\n".join(commands)
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=150,
        env={"PATH": f"{PROGRAM.parent}:/usr/sbin:/usr/bin:/bin"},
    )


def github_commands():
    workflow = yaml.safe_load((CI / ".github/workflows/driver.yml").read_text())
    steps = workflow["jobs"]["scenarios"]["steps"]
    return [step["run"] for step in steps if "run" in step and step["name"] != "Install"]


def gitlab_commands():
    return yaml.safe_load((CI / ".gitlab-ci.yml").read_text())["driver"]["script"]


@pytest.mark.parametrize("commands", [github_commands, gitlab_commands])
def test_a_job_is_green_with_a_good_driver(checkout, commands):
    result = run(commands(), checkout)
    assert result.returncode == 0, result.stdout + result.stderr
    assert 'failures="0"' in (checkout / "scenarios.xml").read_text()
    assert [path.name for path in (checkout / "recordings").iterdir()] == ["reboot.yaml.jsonl"]


def test_a_job_is_red_with_a_bad_one(checkout):
    commands = [command.replace("./meter", "./blind_meter") for command in gitlab_commands()]
    assert run(commands, checkout).returncode == 1
    assert 'failures="1"' in (checkout / "scenarios.xml").read_text()


def instructions():
    text = (CI / "Containerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(None, 1)) for line in lines]


def test_the_steps_of_the_image(checkout):
    """What it copies from the project is there, what it builds and runs works."""
    steps = instructions()
    assert [name for name, _ in steps] == [
        "FROM", "COPY", "RUN", "WORKDIR", "COPY", "COPY", "RUN", "CMD",
    ]
    for source in shlex.split(steps[4][1])[:-1] + shlex.split(steps[5][1])[:-1]:
        assert (checkout / source).exists()
    command = shlex.join(json.loads(steps[7][1]))
    result = run([steps[6][1], command], checkout)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_packages_that_the_jobs_install_are_those_of_debian():
    wanted = set()
    for file in (".github/workflows/driver.yml", ".gitlab-ci.yml", "Containerfile"):
        for line in re.findall(r"--no-install-recommends (.*)", (CI / file).read_text()):
            wanted |= {word for word in line.split() if re.fullmatch(r"[a-z0-9.+-]+", word)}
    assert wanted == {"gcc", "libc6-dev", "make", "mosquitto"}
    found = subprocess.run(["apt-cache", "show", *wanted], capture_output=True)
    assert found.returncode == 0, found.stderr
