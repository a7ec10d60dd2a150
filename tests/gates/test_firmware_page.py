"""docs/firmware.md is carried out as it is read: its files are written and its lines run, one after the
other, in a folder that has the project as imqtt/; each modem that comes of them answers."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "firmware.md").read_text()
BLOCK = re.compile(r"^<!-- (file|run) ([\w./-]+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# A board for port.c: while the modem sleeps its host types, and the ring of the UART goes round. When
# nothing more comes, what is still in the ring is never looked at again.
BOARD = r"""
#include <stdio.h>
#include <stdlib.h>
#include "imqtt.h"

void modem_task(void);
enum link_news { LINK_NOTHING, LINK_OPENED, LINK_OVER };

static const char *left = "ATE0\rAT+IMQTTMODE?\rAT+IMQTTSTATE?\rAT\rAT+IMQTTPARA?\rAT\rAT;V1;Q0\r";
static uint8_t ring[24];
static size_t start, count;

uint64_t board_ms(void)
{
    return 1;
}

void board_sleep_until(uint64_t due_ms)
{
    (void)due_ms;
    if (*left == 0)
        exit(count == 0 ? 0 : 3);
    for (; count < sizeof ring - 2 && *left != 0; count++)
        ring[(start + count) % sizeof ring] = (uint8_t)*left++;
}

size_t uart_write(void *context, const uint8_t *bytes, size_t bytes_count)
{
    (void)context;
    return fwrite(bytes, 1, bytes_count, stdout);
}

size_t uart_peek(const uint8_t **bytes)
{
    *bytes = ring + start;
    return count < sizeof ring - start ? count : sizeof ring - start;
}

void uart_consume(size_t used)
{
    start = (start + used) % sizeof ring;
    count -= used;
}

void link_open(void *context, const char *host, uint16_t port, bool tls)
{
    (void)context, (void)host, (void)port, (void)tls;
}

size_t link_write(void *context, const uint8_t *bytes, size_t bytes_count)
{
    (void)context, (void)bytes;
    return bytes_count;
}

void link_close(void *context)
{
    (void)context;
}

size_t link_peek(const uint8_t **bytes)
{
    *bytes = ring;
    return 0;
}

void link_consume(size_t used)
{
    (void)used;
}

enum link_news link_news(struct imqtt_failure *why)
{
    (void)why;
    return LINK_NOTHING;
}

int main(void)
{
    modem_task();
}
"""

FENCES = re.compile(r"^```\w+$", re.MULTILINE)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "imqtt").symlink_to(ROOT)
    return tmp_path


def carried_out(folder, text):
    """What the lines printed."""
    done = subprocess.run(
        ["sh", "-eu", "-c", text], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, text + done.stdout + done.stderr
    return done.stdout


def test_the_page_is_carried_out(folder):
    blocks = BLOCK.findall(PAGE)
    for name, text in [block[1:] for block in blocks if block[0] == "file"]:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    answers = {name: carried_out(folder, text) for kind, name, text in blocks if kind == "run"}
    assert list(answers) == ["example", "folder", "installed", "pkg-config", "two-files", "cortex-m", "own-commands"]
    for name in ("example", "folder", "installed", "pkg-config", "two-files"):
        assert answers[name].endswith("\nOK\n"), name
    assert answers["own-commands"].endswith("\n+XLED: 1\n\nOK\nAT+XMEASURE\n+XMEASURE: 21.5\n\nOK\n")
    assert re.search(r"^ *\d+\s+0\s+0\s.*imqtt\.o$", answers["cortex-m"], re.MULTILINE)  # no variables


def test_the_port_leaves_nothing_unread(folder):
    (port,) = [text for _kind, name, text in BLOCK.findall(PAGE) if name == "port.c"]
    (folder / "port.c").write_text(port.replace("[IMQTT_RAM_BYTES]", "[4 * IMQTT_RAM_BYTES]"))
    (folder / "board.c").write_text(BOARD)
    told = carried_out(folder, """
        imqtt/script/amalgamation two_files
        cc -std=c11 -Wall -Wextra -Werror -I two_files -DIMQTT_CONFIG='"imqtt/config/mqtt.h"' \\
            board.c port.c two_files/arena.c two_files/imqtt.c -o port
        ./port
    """)
    assert told.count("OK\n") == 7, told


def test_no_block_of_the_page_is_left_out():
    assert len(FENCES.findall(PAGE)) == len(BLOCK.findall(PAGE)) > 10
