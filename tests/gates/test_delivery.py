"""The core in somebody else's CMake project, which is in C++: add_subdirectory(), imqtt::imqtt."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]

PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(somebody LANGUAGES C CXX)
set(IMQTT_CONFIG {config})
add_subdirectory({root} imqtt)
add_executable(program program.cpp)
target_compile_options(program PRIVATE -Wall -Wextra -Werror)
target_link_libraries(program PRIVATE imqtt::imqtt)
"""

PROGRAM = r"""
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


@pytest.mark.parametrize("config", ["", "imqtt/config/module.h", "imqtt/config/mqtt.h"])
def test_a_project_in_cpp_takes_the_core_alone(tmp_path, config):
    (tmp_path / "CMakeLists.txt").write_text(PROJECT.format(root=ROOT, config=config))
    (tmp_path / "program.cpp").write_text(PROGRAM)
    build = tmp_path / "build"
    for command in (["-S", tmp_path, "-B", build, "-G", "Ninja"], ["--build", build]):
        done = subprocess.run(["cmake", *command], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    said = subprocess.run([build / "program"], capture_output=True, check=True).stdout
    assert said == b"ATE0\r\r\nOK\r\n"


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
