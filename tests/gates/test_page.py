"""The page's sources: small enough, typed, and in step with the interface's description."""

import json
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
WEB = ROOT / "web"
GZIPPED_BYTES_MAX = 40_000

pytestmark = pytest.mark.skipif(
    not (WEB / "node_modules").exists(), reason="npm ci was not run in web/: script/bootstrap does"
)


def node(*command):
    result = subprocess.run(command, cwd=WEB, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_the_page_is_small():
    sizes = dict(line.split() for line in node("node", "build.mjs", "--sizes").splitlines())
    assert sizes.keys() == {"/", "/page.js", "/page.css", "all"}
    assert int(sizes["all"]) <= GZIPPED_BYTES_MAX


def test_the_types_are_those_of_the_interfaces_description(tmp_path):
    made = tmp_path / "schema.ts"
    node("npx", "openapi-typescript", "../docs/control-api.yaml", "--output", str(made))
    assert made.read_text() == (WEB / "src/api/schema.ts").read_text(), "run: npm run types, in web/"


def test_the_types_hold():
    node("npx", "tsc", "--noEmit")


def test_the_pure_parts_work(tmp_path):
    node("node", "test.mjs", str(tmp_path))


def test_nothing_is_made_from_markup_or_text():
    """What would turn a text into markup or code stands nowhere in the page's own sources."""
    sources = "\n".join(file.read_text() for file in (WEB / "src").rglob("*.ts*"))
    for word in ("innerHTML", "dangerouslySetInnerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("):
        assert word not in sources


def test_versions_are_pinned():
    package = json.loads((WEB / "package.json").read_text())
    for group in ("dependencies", "devDependencies"):
        assert all(version[0].isdigit() for version in package[group].values())


def test_what_builds_the_page_runs_on_debians_own_node():
    """Debian 12 has Node 18: no package that is installed asks for a newer one."""
    for package in sorted((WEB / "node_modules").glob("**/package.json")):
        wanted = json.loads(package.read_text()).get("engines", {})
        needs = re.match(r">=\s*(\d+)", wanted.get("node", "") if isinstance(wanted, dict) else "")
        assert not needs or int(needs[1]) <= 18, f"{package.parent.name} needs Node {needs[1]}"
