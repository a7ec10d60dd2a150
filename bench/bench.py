"""The benchmark: runs its parts, keeps their raw samples, prints tables; script/bench starts it."""

import argparse
import contextlib
import datetime
import importlib
import json
import os
import pathlib
import platform
import sys
import time
import traceback

import lab
import report

PARTS = [
    *("publish", "receive", "latency", "system_calls", "instructions", "line"),
    *("python_modem", "many", "fleet", "dialects", "reconnect", "tls", "start", "faults", "firmware"),
]
RESULTS = lab.ROOT / "bench" / "results.json"
PAGE = lab.ROOT / "docs" / "performance.md"
PICTURES = lab.ROOT / "docs" / "pictures"


def modules():
    return {name: importlib.import_module(f"parts.{name}") for name in PARTS}


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text()
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": info.partition("model name\t: ")[2].partition("\n")[0] or platform.machine(),
        "processors": os.cpu_count(),
        "memory_gib": round(pages / 2**30),
        "kernel": platform.release(),
    }


def measure(part, effort):
    with lab.open_lab(effort) as laboratory:
        return {
            "effort": effort.name,
            "rounds": effort.rounds,
            "date": datetime.date.today().isoformat(),
            "machine": machine(),
            "results": part.measure(laboratory),
        }


def show(part, result):
    for name, table in part.tables(result["results"]).items():
        print(f"\n{name}\n{table.markdown()}", flush=True)


def run(parts, effort):
    """{name: what measure() returned}; a part that fails is told of, and the others go on."""
    results = {}
    for name, part in parts.items():
        start_s = time.monotonic()
        try:
            results[name] = measure(part, effort)
        except Exception:
            traceback.print_exc()
            continue
        print(f"\n== {part.TITLE}: {time.monotonic() - start_s:.0f} s")
        show(part, results[name])
    print("\n" + report.aims_table(parts, results).markdown())
    return results


def known_results():
    with contextlib.suppress(FileNotFoundError):
        return json.loads(RESULTS.read_text())
    return {}


def as_text(results):
    """JSON with a line a part."""
    parts = (f"{json.dumps(name)}: {json.dumps(_short(results[name]))}" for name in sorted(results))
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _short(value):
    """Numbers to five digits: more is noise."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, list):
        return [_short(item) for item in value]
    if isinstance(value, dict):
        return {name: _short(item) for name, item in value.items()}
    return value


def write(results):
    """Keeps the samples, and makes the page and the pictures anew from all that are known."""
    RESULTS.write_text(as_text(results))
    results = known_results()
    PAGE.write_text(page_of(results, PAGE.read_text()))
    PICTURES.mkdir(exist_ok=True)
    for name, part in modules().items():
        if name in results and hasattr(part, "pictures"):
            for picture, content in part.pictures(results[name]["results"]).items():
                content.draw(PICTURES / f"{picture}.svg")


def page_of(results, page):
    return report.fill(page, report.blocks(modules(), results))


def arguments():
    parser = argparse.ArgumentParser(
        prog="script/bench", description="Measures imqtt beside its peers and prints tables."
    )
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument("--quick", dest="effort", action="store_const", const=lab.QUICK,
                        help="about three minutes instead of 25; rough figures")
    effort.add_argument("--smoke", dest="effort", action="store_const", const=lab.SMOKE,
                        help="only shows that everything works; the figures mean nothing")
    parser.add_argument("--write", action="store_true",
                        help="keep the samples in bench/results.json, and make the tables and"
                             " pictures of docs/performance.md from them")
    parser.add_argument("--json", metavar="FILE", help="where the samples go (else build/bench)")
    parser.add_argument("parts", nargs="*", metavar="PART",
                        help="of " + ", ".join(PARTS) + "; none: all")
    parser.set_defaults(effort=lab.FULL)
    given = parser.parse_args()
    unknown = set(given.parts) - set(PARTS)
    if unknown:
        parser.error("no such part: " + ", ".join(sorted(unknown)))
    return given


def main():
    given = arguments()
    chosen = {name: part for name, part in modules().items() if name in (given.parts or PARTS)}
    results = run(chosen, given.effort)
    pathlib.Path(given.json or lab.PROGRAMS / "results.json").write_text(as_text(results))
    if given.write:
        write({**known_results(), **results})
    return 0 if len(results) == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
