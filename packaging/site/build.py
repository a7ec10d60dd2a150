"""Makes the site of the project's pages: usage: build.py OUTPUT-FOLDER

The pages are copied beside each other as they are in the project, diagrams are drawn, links to what
the site does not have (sources, tests) become text, and what no list names is added to the list of
its folder's page. A warning of sphinx's is an error.
"""

import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MIDDLE = ' text-anchor="middle"'
TEXT = re.compile(r'<text x="(\d+)" y="(\d+)" textLength="(\d+)"([^>]*)>')
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")


def pages():
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def target_of(link, page):
    """The page or file of the site that a link leads to; None: the site has none."""
    path, _, anchor = link.partition("#")
    found = (page.parent / path).resolve() if path else page
    if found.is_dir():
        found, path = found / "README.md", path.rstrip("/") + "/README.md"
    known = found in pages() or found.suffix in (".svg", ".yaml") and found.is_relative_to(ROOT / "docs")
    return (path + ("#" + anchor if anchor else "")) if known and found.exists() else None


def site_text(page):
    def change(match):
        text, link = match.groups()
        if re.match(r"\w+:", link):
            return match[0]
        target = target_of(link, page)
        return f"[{text}]({target})" if target else text

    return LINK.sub(change, page.read_text())


def add_rest(folder, staged):
    """The pages of a folder that has a README of its own are listed on it."""
    names = sorted(p.stem for p in (staged / folder).glob("*.md") if p.stem not in ("README", "index"))
    readme = staged / folder / "README.md"
    if names and readme.exists():
        listed = "\n".join(names)
        readme.write_text(f"{readme.read_text()}\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n")


def stage(staged):
    for page in pages():
        copy = staged / page.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(site_text(page))
    shutil.copytree(ROOT / "docs" / "pictures", staged / "docs" / "pictures")
    shutil.copy(ROOT / "docs" / "control-api.yaml", staged / "docs")
    shutil.copy(HERE / "index.md", staged)
    for folder in ("commands", "decisions", "dialects", "zh/commands", "zh/dialects"):
        add_rest(f"docs/{folder}", staged)


def centred(match):
    x, y, length, rest = match.groups()
    middle = int(x) if "middle" in rest else int(x) + int(length) // 2
    return f'<text x="{middle}" y="{y}"{rest.replace(MIDDLE, "")}{MIDDLE}>'


def draw(staged, folder):
    """mscgen takes Chinese for narrow and squeezes it: each text is as wide as it is, about its middle."""
    (staged / folder).mkdir()
    for source in sorted((ROOT / folder).glob("*.msc")):
        drawn = subprocess.run(
            ["mscgen", "-T", "svg", "-i", source, "-o", "-"], check=True, capture_output=True, text=True
        )
        (staged / folder / f"{source.stem}.svg").write_text(TEXT.sub(centred, drawn.stdout))


def main(output):
    staged = pathlib.Path(output + ".pages")
    shutil.rmtree(staged, ignore_errors=True)
    shutil.rmtree(output, ignore_errors=True)
    stage(staged)
    draw(staged, "docs/diagrams")
    draw(staged, "docs/zh/diagrams")
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html",
         "-d", staged / ".doctrees", "-c", HERE, staged, output],
        check=True,
    )
    (pathlib.Path(output) / ".buildinfo").unlink(missing_ok=True)
    shutil.rmtree(staged)


main(sys.argv[1])
