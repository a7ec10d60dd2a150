"""pytest-imqtt as pip installs it: a wheel with its entry point, which pytest finds by itself."""

import pathlib
import shutil
import subprocess
import sys
import zipfile

ROOT = pathlib.Path(__file__).parents[2]


def pip(*words):
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *map(str, words)], check=True)


def test_a_wheel_brings_the_plugin(tmp_path):
    source = shutil.copytree(ROOT / "python", tmp_path / "source")
    pip("wheel", "--no-index", "--no-build-isolation", "--no-deps", "-w", tmp_path, source)
    (wheel,) = tmp_path.glob("pytest_imqtt-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for file in (ROOT / "python/pytest_imqtt").glob("*.py"):
        assert f"pytest_imqtt/{file.name}" in names
    installed = tmp_path / "installed"
    pip("install", "--no-index", "--no-deps", "--target", installed, wheel)
    shown = subprocess.run(
        [sys.executable, "-m", "pytest", "--fixtures", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path, env={"PYTHONPATH": str(installed), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True,
    )
    for fixture in "modem", "broker", "imqtt":
        assert f"\n{fixture} " in shown.stdout or f"\n{fixture}\n" in shown.stdout, shown.stdout
