"""The manual pages are well-formed and whole, what pages say of configurations is true, and the site is
built without a warning."""

import html
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
MANUALS = sorted((ROOT / "man").iterdir())
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
).stdout.split("\n")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", MANUALS, ids=lambda path: path.name)
def test_the_manual_page_is_well_formed(page):
    told = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True)
    assert (told.stdout, told.returncode) == ("", 0)


@pytest.mark.parametrize("page", MANUALS, ids=lambda path: path.name)
def test_the_manual_page_is_whole(page):
    sections = re.findall(r"^\.Sh (.*)$", page.read_text(), re.MULTILINE)
    assert {"NAME", "DESCRIPTION", "FILES", "DIAGNOSTICS", "EXAMPLES", "SEE ALSO"} <= set(sections)


def test_the_manual_page_has_every_option():
    table = (ROOT / "imqttd" / "options.c").read_text()
    options = re.findall(r'^    \{"([\w-]+)",', table, re.MULTILINE)
    manual = (ROOT / "man" / "imqttd.8").read_text()
    assert len(options) > 20
    for option in options:
        assert re.search(rf"^\.(It|Op|Fl) .*-{option}\b", manual, re.MULTILINE), option


def configurations():
    """Blocks of the pages that begin with a section of a configuration."""
    for page in PAGES:
        for block in re.findall(r"(?:^ {4,}\S.*\n|^\n(?= {4}))+", page.read_text(), re.MULTILINE):
            lines = [line.strip() for line in block.strip().splitlines()]
            if re.fullmatch(r"\[(imqttd|defaults|modem [\w%-]+)\]", lines[0]):
                yield pytest.param("\n".join(lines), id=f"{page.relative_to(ROOT)}:{lines[0]}")


@pytest.mark.parametrize("text", configurations())
def test_a_configuration_of_the_pages_is_one(text, tmp_path):
    """But for files that are not here."""
    path = tmp_path / "imqttd.conf"
    path.write_text(text + "\n")
    told = subprocess.run(
        [ROOT / "build" / "bin" / "imqttd", "--check-config", "--config", path], capture_output=True, text=True
    )
    faults = [line for line in told.stderr.splitlines() if "No such file or directory" not in line]
    assert faults == []


def test_the_pages_have_configurations():
    assert len(list(configurations())) >= 4


def test_the_site_is_built_without_a_warning(tmp_path):
    done = subprocess.run(
        [ROOT / "script" / "site", "--only-build", tmp_path / "site"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    for page in ("index.html", "docs/commands/index.html", "docs/zh/commands/index.html"):
        assert (tmp_path / "site" / page).is_file()
    assert "中文</a>" in (tmp_path / "site" / "docs" / "quick-start.html").read_text()
    assert "overflow-y" in (tmp_path / "site" / "_static" / "custom.css").read_text()
    drawn = html.unescape("".join(path.read_text() for path in (tmp_path / "site" / "_images").glob("*.svg")))
    assert "textLength" not in drawn  # a text would be squeezed to what mscgen takes for its width
    for diagram in (ROOT / "docs").rglob("*.msc"):
        labels = re.findall(r'label="((?:[^"\\]|\\.)*)"', diagram.read_text())
        assert [label for label in labels if label.replace('\\"', '"') not in drawn] == [], diagram


@pytest.mark.parametrize("name", ["clouds.md", "aliyun.md", "zh/clouds.md", "zh/aliyun.md"])
def test_what_a_cloud_wants_typed_is_taken(name):
    typed = re.findall(r"^ {4,}(AT.*)$", (ROOT / "docs" / name).read_text(), re.MULTILINE)
    assert typed
    told = subprocess.run(
        [ROOT / "build" / "bin" / "imqttd", "--stdio", "--strict", "--no-boot-urc"],
        input="".join(f"{line}\n" for line in typed), capture_output=True, text=True,
    )
    assert told.returncode == 0, told.stdout


def test_the_quick_start_counts_right():
    text = (ROOT / "docs" / "quick-start.md").read_text()
    assert "`scenarios/`\n   has eighteen ready ones" in text
    assert len(list((ROOT / "scenarios").rglob("*.yaml"))) == 18
    assert "`examples/firmware/main.c` is a whole port in 120 lines" in text
    assert 110 < len((ROOT / "examples" / "firmware" / "main.c").read_text().splitlines()) <= 125


FOLDERS = {name.split("/")[0] for name in TRACKED if "/" in name and not name.startswith(".")}


def test_the_readme_knows_every_folder():
    linked = set(re.findall(r"^\|.*$", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert FOLDERS - set(re.findall(r"\]\((\w+)/", "\n".join(linked))) == set()


def named_paths(text):
    """What stands as code and begins with a folder of the tree."""
    for word in re.findall(r"`([\w.*/@-]+)`", text):
        if word.split("/")[0] in FOLDERS and "NAME" not in word and "TARGET" not in word:
            yield word.rstrip("/")


NOW = [path for path in PAGES if path.name != "CHANGELOG.md"]


@pytest.mark.parametrize("page", NOW, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_page_names_is_there(page):
    """A file, with or without its ending, or a folder."""
    for name in named_paths(page.read_text()):
        assert list(ROOT.glob(name)) or list(ROOT.glob(f"{name}.*")), name


def test_a_name_of_nothing_is_seen():
    assert list(named_paths("see `core/dialect/imqtt/commands.c`")) == ["core/dialect/imqtt/commands.c"]
