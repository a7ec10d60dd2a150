"""The image of examples/ci/Containerfile, step by step in a system of its own: `buildah build` without
a registry. FROM is the bare Debian that debootstrap made."""

import json
import pathlib
import shlex
import shutil
import subprocess

import system as systems

ROOT = pathlib.Path(__file__).parents[2]
CI = ROOT / "examples/ci"
FEW = ("all-is-well.yaml", "reboot.yaml")  # of the scenarios, to be quick


def instructions():
    text = (CI / "Containerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(None, 1)) for line in lines]


def context_folder(folder, package):
    """What lies beside the Containerfile when it is built."""
    folder.mkdir()
    for name in ("Makefile", "meter.c", "blind_meter.c"):
        shutil.copy(CI / name, folder)
    shutil.copy(package, folder)
    (folder / "scenarios").mkdir()
    for name in FEW:
        shutil.copy(ROOT / "scenarios" / name, folder / "scenarios")
    return folder


class Image:
    """Builds what the instructions say, in a system's folder."""

    def __init__(self, system, context):
        self._system, self._context, self._folder = system, context, "/"

    def build(self, steps):
        """The command that the image is for."""
        for word, rest in steps:
            if word == "CMD":
                return json.loads(rest)
            getattr(self, f"_{word.lower()}")(rest)
        raise AssertionError("no CMD")

    def _from(self, name):
        assert name == "docker.io/library/debian:12"
        assert self._system.path("/etc/debian_version").read_text().startswith("12.")
        shutil.copy("/etc/resolv.conf", self._system.path("/etc/resolv.conf"))

    def _workdir(self, folder):
        self._folder = folder
        self._system.path(folder).mkdir(parents=True, exist_ok=True)

    def _copy(self, rest):
        *patterns, target = shlex.split(rest)
        to = self._system.path(str(pathlib.PurePosixPath(self._folder) / target))
        for pattern in patterns:
            sources = list(self._context.glob(pattern))
            assert sources, f"nothing to COPY: {pattern}"
            for source in sources:
                if source.is_dir():
                    shutil.copytree(source, to)
                else:
                    shutil.copy(source, to)

    def _run(self, command):
        done = self.run("sh", "-ec", command)
        assert done.returncode == 0, done.stdout + done.stderr

    def run(self, *command):
        words = ["chroot", self._system.root, "sh", "-c", f'cd {self._folder} && exec "$@"', "sh"]
        return subprocess.run(
            [*words, *command], capture_output=True, text=True, timeout=900,
            env=systems.ENVIRONMENT,
        )


def test_the_image_is_built_and_does_its_job(make_system, packages, tmp_path):
    image = Image(make_system(size="2g"), context_folder(tmp_path / "context", packages["imqtt"]))
    command = image.build(instructions())
    done = image.run(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("passed") == len(FEW)
    bad = image.run(*[word.replace("./meter", "./blind_meter") for word in command])
    assert bad.returncode == 1 and "FAILED" in bad.stdout
