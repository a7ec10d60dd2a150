"""The core in somebody else's project, in C and in C++: add_subdirectory(), FetchContent and
find_package() give imqtt::imqtt, pkg-config knows imqtt; neither libuv nor SQLite is asked for."""

import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]

PROJECT = """
cmake_minimum_required(VERSION 3.18)
project(somebody LANGUAGES {languages})
set(IMQTT_CONFIG "{config}")
{way}
add_executable(program program.{ending})
target_compile_options(program PRIVATE -Wall -Wextra -Werror)
target_link_libraries(program PRIVATE imqtt::imqtt)
"""

WAYS = {
    "add_subdirectory": "add_subdirectory({root} imqtt)",
    "FetchContent": """
include(FetchContent)
FetchContent_Declare(imqtt SOURCE_DIR {root})
FetchContent_MakeAvailable(imqtt)""",
    "find_package": "find_package(imqtt 0.1 REQUIRED)",
}

C_PROGRAM = r"""
#include <stdio.h>
#include <stdlib.h>
#include "imqtt/inspect.h"

static size_t say(void *context, const uint8_t *bytes, size_t count)
{
    (void)context;
    return fwrite(bytes, 1, count, stdout);
}
static void *resize(void *context, enum imqtt_memory_purpose purpose, void *block, size_t before,
                    size_t bytes)
{
    (void)context, (void)purpose, (void)before;
    if (bytes > 0)
        return realloc(block, bytes);
    free(block);
    return NULL;
}

int main(void)
{
    void *memory = malloc(imqtt_modem_bytes());
    const struct imqtt_ports ports = {.terminal.write = say, .memory.resize = resize};
    const struct imqtt_options options = {0};
    struct imqtt_modem *modem = imqtt_modem_init(memory, &ports, &options, 0);
    imqtt_modem_terminal_input(modem, (const uint8_t *)"ATE0\r", 5, 1);
    imqtt_modem_flush(modem, 1);
    imqtt_modem_end(modem);
    free(memory);
}
"""

CPP_PROGRAM = r"""
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>
#include "imqtt/inspect.h"

static std::size_t say(void *, const std::uint8_t *bytes, std::size_t count)
{
    return std::fwrite(bytes, 1, count, stdout);
}
static void *resize(void *, imqtt_memory_purpose, void *block, std::size_t, std::size_t bytes)
{
    if (bytes > 0)
        return std::realloc(block, bytes);
    std::free(block);
    return nullptr;
}

int main()
{
    std::vector<std::uint64_t> memory(imqtt_modem_bytes() / 8 + 1);
    imqtt_ports ports{};
    imqtt_options options{};
    ports.terminal.write = say;
    ports.memory.resize = resize;
    imqtt_modem *modem = imqtt_modem_init(memory.data(), &ports, &options, 0);
    const std::uint8_t line[] = {'A', 'T', 'E', '0', '\r'};
    imqtt_modem_terminal_input(modem, line, sizeof line, 1);
    imqtt_modem_flush(modem, 1);
    imqtt_modem_end(modem);
}
"""


TOLD_OF_ITS_CONFIG = """
#ifndef IMQTT_CONFIG
#error "compiled without the configuration that its project chose"
#endif
"""

PROGRAMS = {"c": C_PROGRAM, "cpp": CPP_PROGRAM}
LANGUAGES = {"c": "C", "cpp": "CXX"}


def succeed(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def says_ok(program):
    return subprocess.run([program], capture_output=True, check=True).stdout == b"ATE0\r\r\nOK\r\n"


def is_built(folder, way, ending, config="", *options):
    (folder / "CMakeLists.txt").write_text(
        PROJECT.format(
            way=WAYS[way].format(root=ROOT), languages=LANGUAGES[ending],
            ending=ending, config=config,
        )
    )
    told = TOLD_OF_ITS_CONFIG if config else ""
    (folder / f"program.{ending}").write_text(PROGRAMS[ending] + told)
    build = folder / "build"
    succeed("cmake", "-S", folder, "-B", build, "-G", "Ninja", *options)
    succeed("cmake", "--build", build)
    return says_ok(build / "program")


def installed_core(folder, config=""):
    """The core alone, configured, built and installed below folder; no other library is looked for."""
    build, prefix = folder / "core", folder / "prefix"
    told = succeed(
        "cmake", "-S", ROOT, "-B", build, "-G", "Ninja", "-DIMQTT_DAEMON=OFF",
        f"-DIMQTT_CONFIG={config}", f"-DCMAKE_INSTALL_PREFIX={prefix}",
    )
    assert "PkgConfig" not in told and "libuv" not in told
    succeed("cmake", "--build", build)
    succeed("cmake", "--install", build)
    return prefix


@pytest.mark.parametrize("way", ["add_subdirectory", "FetchContent"])
def test_a_project_takes_the_core_alone(tmp_path, way):
    """… and its own install has nothing of ours; in C docs/firmware.md does that (test_firmware_page.py)."""
    prefix = tmp_path / "prefix"
    assert is_built(tmp_path, way, "cpp", "", f"-DCMAKE_INSTALL_PREFIX={prefix}")
    succeed("cmake", "--install", tmp_path / "build")
    assert not (prefix / "include").exists()


@pytest.mark.parametrize("config", ["imqtt/config/module.h", "imqtt/config/mqtt.h"])
def test_a_project_chooses_limits_and_families(tmp_path, config):
    assert is_built(tmp_path, "add_subdirectory", "cpp", config)


@pytest.mark.parametrize("config", ["", "imqtt/config/mqtt.h"])
def test_a_project_finds_the_installed_core(tmp_path, config):
    prefix = installed_core(tmp_path, config)
    for ending in PROGRAMS:
        folder = tmp_path / ending
        folder.mkdir()
        assert is_built(folder, "find_package", ending, "", f"-DCMAKE_PREFIX_PATH={prefix}")
        flags = succeed(
            "sh", "-c", 'eval "set -- $(pkg-config --cflags --libs imqtt)"; printf "%s\n" "$@"',
            env={**os.environ, "PKG_CONFIG_PATH": str(next(prefix.glob("**/pkgconfig")))},
        ).splitlines()
        assert any(flag == f'-DIMQTT_CONFIG="{config}"' for flag in flags) == (config != "")
        compiler = "gcc" if ending == "c" else "g++"
        program = folder / "by_hand"
        succeed(compiler, "-Wall", "-Werror", folder / f"program.{ending}", *flags, "-o", program)
        assert says_ok(program)


def test_the_releases_library_is_found(tmp_path):
    succeed("cmake", "--install", ROOT / "build", env={**os.environ, "DESTDIR": str(tmp_path / "root")})
    package = next((tmp_path / "root").glob("**/imqttConfig.cmake")).parent
    assert is_built(tmp_path, "find_package", "c", "", f"-Dimqtt_DIR={package}")


@pytest.fixture
def mosquitto(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tests" / "system")
    from brokers import Mosquitto

    broker = Mosquitto(tmp_path)
    yield broker
    broker.stop()


def test_the_example_is_built_as_it_says_and_publishes(tmp_path, mosquitto):
    text = (ROOT / "examples" / "firmware" / "main.c").read_text()
    assert len(text.splitlines()) < 120
    line = re.search(r" \*     (cc .*?) && ./modem", text, re.DOTALL)[1]
    line = re.sub(r" \\\n \*", "", line).replace("-o modem", f"-o {tmp_path / 'modem'}")
    subprocess.run(line, shell=True, cwd=ROOT, check=True)
    modem = subprocess.Popen(
        [tmp_path / "modem"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    )
    with modem:
        modem.stdin.write(b"ATE0\rAT+IMQTTMODE=2,0\r")
        modem.stdin.write(b"AT+IMQTTADDR=127.0.0.1,%d,first\rAT+IMQTTCONN\r" % mosquitto.port)
        assert any(line.startswith(b"+IMQTTCONN:0") for line in modem.stdout)
        modem.stdin.write(b"AT+IMQTTPUB=here,1,hello\r")
        assert any(re.match(rb"\+IMQTTPUB:\d+,0", line) for line in modem.stdout)
        modem.stdin.close()
    assert modem.returncode == 0
