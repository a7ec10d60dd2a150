"""docs/performance.md: the tables and the list of aims between its markers, made from results.json."""

import dataclasses
import re

from figures import Figure, number

MARKED = re.compile(r"(<!-- begin ([a-z0-9-]+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Table:
    columns: list
    rows: list  # of cells: text, numbers or Figures

    def markdown(self):
        lines = [self.columns, ["---"] + ["--:"] * (len(self.columns) - 1)]
        lines += [[_text(cell) for cell in row] for row in self.rows]
        return "".join("| " + " | ".join(line) + " |\n" for line in lines)


@dataclasses.dataclass(frozen=True)
class Aim:
    what: str
    case: str  # of what: there is one aim for each; "" where there is only one
    value: object  # a Figure or a number
    limit: float
    unit: str = ""
    at_least: bool = False  # otherwise: at most

    @property
    def is_met(self):
        value = self.value.median if isinstance(self.value, Figure) else self.value
        return value >= self.limit if self.at_least else value <= self.limit

    @property
    def bound(self):
        return f"{'≥' if self.at_least else '≤'} {number(self.limit)}{self.unit}"

    @property
    def measured(self):
        case = f"{self.case}: " if self.case else ""
        text = f"{case}{_text(self.value)}{self.unit}"
        return text if self.is_met else f"**{text}**"


def _row(aims):
    """Of all aims about the same."""
    bounds = [aim.bound for aim in aims]
    missed = sum(not aim.is_met for aim in aims)
    return [
        aims[0].what,
        bounds[0] if len(set(bounds)) == 1 else "<br>".join(bounds),
        "<br>".join(aim.measured for aim in aims),
        "met" if missed == 0 else "missed" if len(aims) == 1 else f"missed: {missed} of {len(aims)}",
    ]


def _text(cell):
    if cell is None:
        return ""
    return number(cell) if isinstance(cell, (int, float)) else str(cell)


def aims_table(parts, results):
    """A row a thing aimed at; what was missed is bold."""
    rows = {}
    for name, part in parts.items():
        if name in results:
            for aim in part.aims(results[name]["results"]):
                rows.setdefault(aim.what, []).append(aim)
    return Table(["", "aim", "measured", ""], [_row(aims) for aims in rows.values()])


def blocks(parts, results):
    """{marker: markdown}"""
    texts = {"aims": aims_table(parts, results).markdown(), "runs": _runs(results)}
    for name, part in parts.items():
        if name in results:
            for table, content in part.tables(results[name]["results"]).items():
                texts[table] = content.markdown()
    return texts


def _runs(results):
    """On what machine, and when: one line where all parts are of one run."""
    return "\n".join(dict.fromkeys(_run(result) for result in results.values()))


def _run(result):
    machine = result["machine"]
    return (
        f"{result['effort'].capitalize()} run, {result['rounds']} rounds, {result['date']}:"
        f" {machine['processor']}, {machine['processors']} CPUs, {machine['memory_gib']} GiB,"
        f" Linux {machine['kernel']}.\n"
    )


def fill(page, texts):
    """The page with what stands between its markers made anew. Unknown markers stay as they are."""

    def replace(match):
        return match[1] + texts.get(match[2], match[0][len(match[1]) : -len(match[3])]) + match[3]

    return MARKED.sub(replace, page)
