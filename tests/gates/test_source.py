"""The rules hold for the tree, and each rule can be broken."""

import pathlib
import re
import subprocess

import pytest

import source_rules as rules

ROOT = pathlib.Path(__file__).parents[2]


def project_files():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\0")
    return [path for path in listed if path and (ROOT / path).is_file()]


def c_files(*folders):
    found = [
        path for path in project_files() if path.endswith((".c", ".h")) and path.startswith(folders)
    ]
    assert found
    return found


def violations(rule, paths):
    return "\n".join(
        wrong for path in paths for wrong in rule(path, (ROOT / path).read_text(errors="replace"))
    )


PRODUCT = (
    *("include/", "core/", "host/", "imqttd/", "control_client/", "imqttctl/", "driver_report/"),
    *("scenario/", "firmware/"),
)
ALL = ("",)


def test_every_file_is_in_a_room_and_includes_only_what_it_may():
    assert violations(rules.includes, c_files(*ALL)) == ""


def test_functions_and_files_are_short():
    assert violations(rules.lengths, c_files(*ALL)) == ""


def test_no_files_include_each_other_in_a_circle():
    texts = {path: (ROOT / path).read_text() for path in c_files(*PRODUCT)}
    assert rules.circles(texts) == []


def test_no_name_stands_twice():
    headers = [path for path in c_files(*PRODUCT) if path.endswith(".h")]
    assert rules.twice(headers) == []
    objects = [path for path in c_files("core/") if path.endswith(".c")]
    assert rules.twice(objects) == []


def test_nothing_foreign_or_secret_is_in_the_tree():
    assert violations(rules.foreign, project_files()) == ""


def test_clang_format_finds_nothing_to_change():
    files = c_files(*ALL)
    result = subprocess.run(
        ["clang-format", "--dry-run", *files], cwd=ROOT, check=True, capture_output=True, text=True
    )
    found = re.findall(r"^(.*:\d+):\d+: warning", result.stderr, re.MULTILINE)
    assert "\n".join(found) == ""


@pytest.mark.parametrize(
    "path, line",
    [
        ("core/at/line.c", '#include "core/mqtt/client.h"'),
        ("core/mqtt/client.c", '#include "core/at/line.h"'),
        ("core/bytes/span.h", '#include "core/at/line.h"'),
        ("core/modem/modem.c", '#include "core/dialect/imqtt/imqtt_commands.h"'),
        ("core/modem/modem.c", '#include "host/loop/loop.h"'),
        ("core/modem/modem.c", '#  include <stdio.h>'),
        ("include/imqtt/modem.h", '#include "core/at/line.h"'),
        ("host/loop/loop.c", '#include "core/bytes/span.h"'),
        ("host/loop/loop.c", '#include "imqttd/options.h"'),
        ("imqttd/main.c", '#include "core/modem/parts.h"'),
        ("core/session/inbox.c", '#include "core/at/urc.h"'),
        ("core/session/inbox.c", '#include "core/device/radio.h"'),
        ("core/device/radio.c", '#include "core/settings/fields.h"'),
        ("core/settings/fields.c", '#include "core/mqtt/client.h"'),
        ("imqttd/log/log.c", '#include "imqttd/control/control.h"'),
        ("imqttctl/main.c", '#include "imqttd/daemon.h"'),
        ("imqttctl/main.c", '#include "host/net/endpoint.h"'),
        ("driver_report/rules.c", '#include "host/net/endpoint.h"'),
        ("firmware/main.c", '#include "core/modem/parts.h"'),
        ("firmware/main.c", '#include "host/loop/loop.h"'),
        ("core/new_room/file.c", "int x;"),
        ("new_room/file.c", "int x;"),
    ],
)
def test_a_forbidden_include_is_found(path, line):
    assert len(rules.includes(path, f"// first\n{line}\n")) == 1


@pytest.mark.parametrize(
    "path, line",
    [
        ("core/at/line.c", '#include "core/at/line.h"'),
        ("core/dialect/imqtt/publish.c", '#include "core/modem/say.h"'),
        ("core/dialect/imqtt/publish.c", '#include "core/mqtt/client.h"'),
        ("core/mqtt/wire/packet.c", '#include "core/bytes/span.h"'),
        ("core/bytes/span.c", "#include <string.h>"),
        ("host/loop/loop.c", "#include <uv.h>"),
        ("host/loop/loop.c", '#include "imqtt/modem.h"'),
        ("imqttd/main.c", '#include "host/loop/loop.h"'),
    ],
)
def test_an_allowed_include_is_not(path, line):
    assert rules.includes(path, line) == []


@pytest.mark.parametrize("count, wrong", [(40, 0), (41, 1)])
def test_a_long_function_is_found(count, wrong):
    text = "static int f(void)\n{\n" + "    ;\n" * count + "}\n"
    assert len(rules.lengths("core/at/line.c", text)) == wrong


@pytest.mark.parametrize("count, wrong", [(400, 0), (401, 1)])
def test_a_long_file_is_found(count, wrong):
    assert len(rules.lengths("core/at/line.c", "\n" * count)) == wrong


def test_a_private_path_is_found():
    assert rules.foreign("README.md", "see /wo" + "rk/here") == ["README.md:1: /wo" + "rk/"]


def test_a_circle_is_found():
    texts = {
        "core/at/a.h": "",
        "core/at/a.c": '#include "core/at/b.h"\n',
        "core/at/b.h": '#include "core/at/a.h"\n',
        "core/at/c.c": '#include "core/at/a.h"\n',
        "core/at/d.h": "",
        "core/at/d.c": '#include "core/at/d.h"\n#include "core/at/c.h"\n',
    }
    assert rules.circles(texts) == ["core/at/a", "core/at/b"]
    del texts["core/at/a.c"]
    assert rules.circles(texts) == []


def test_a_name_that_stands_twice_is_found():
    assert rules.twice(["core/at/a.c", "core/bytes/a.c", "core/at/b.c"]) == ["a.c"]
