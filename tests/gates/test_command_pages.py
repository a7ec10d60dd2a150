"""docs/commands says what the code says: commands, limits, error numbers."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PAGES = {page.name: page.read_text() for page in (ROOT / "docs" / "commands").glob("*.md")}


class Limit(int):
    """Formats as the pages write it: 4,096; s: seconds; KiB."""

    def __format__(self, unit):
        return f"{int(self) // {'': 1, 's': 1000, 'KiB': 1024}[unit]:,}"


def limits():
    text = (ROOT / "include" / "imqtt" / "limits.h").read_text()
    found = re.findall(r"^#define (IMQTT_\w+) +(\d+)", text, re.MULTILINE)
    return {name.removeprefix("IMQTT_"): Limit(value) for name, value in found}


LIMITS = limits()

# What a page says of a limit, in its own words.
STATED = {
    "README.md": [
        "or until {TYPING_PAUSE_MS} ms pass",
    ],
    "line.md": [
        "at most {LINE_BYTES} bytes",
    ],
    "configuration.md": [
        "| `TIMEOUT` | {TIMEOUT_MIN_S}–{TIMEOUT_MAX_S} s | {TIMEOUT_DEFAULT_S} |",
        "| `KEEPALIVE` | {KEEP_ALIVE_MIN_S}–{KEEP_ALIVE_MAX_S} s | {KEEP_ALIVE_DEFAULT_S} |",
        "`TIMEOUT` up to {WIDE_TIMEOUT_MAX_S} s, and `KEEPALIVE` 0 or from {WIDE_KEEP_ALIVE_MIN_S} s",
        "| `userName` | up to {USER_NAME_BYTES} bytes",
        "| `password` | up to {PASSWORD_BYTES} bytes",
        "| `addr` | host name, IPv4 or IPv6 literal, up to {ADDRESS_BYTES} bytes",
        "| `clientId` | up to {CLIENT_ID_BYTES} bytes",
    ],
    "connection.md": [
        "(1–{RECONNECT_MAX_S}, {RECONNECT_MIN_DEFAULT_S} and {RECONNECT_MAX_DEFAULT_S} unless set)",
        "together have {OPEN_TIMEOUT_MS:s} s",
        "`TIMEOUT` plus {PINGRESP_GRACE_MS:s} s",
    ],
    "subscribe.md": [
        "up to {SUBSCRIBE_TOPICS} of them",
        "more than {SUBSCRIBE_TOPICS} topics",
        "{SUBSCRIPTIONS_BYTES:KiB} KiB of topics",
    ],
    "publish.md": [
        "fits the line of {LINE_BYTES} bytes",
        "| `size` | 0–{PUBEX_BYTES} bytes |",
        "no byte comes for {DATA_TIMEOUT_MS:s} s",
        "at {DATA_BYTES_PER_S} bytes a second",
        "At most {WINDOW} QoS 1 and 2 messages",
        "or after {QUEUE_TIMEOUT_MS:s} s whatever moves",
        "there is room, for {QUEUE_TIMEOUT_MS:s} s at most",
    ],
    "receive.md": [
        "| `count` | 1–{INBOX_MESSAGES} |",
        "Test: `+IMQTTRECV: (1-{INBOX_MESSAGES})`",
        "holds {INBOX_MESSAGES} messages",
        "may have {PAYLOAD_BYTES:KiB} KiB",
    ],
    "diagnosis.md": [
        "unanswered for over {SLOW_ANSWER_MS:s} s",
        "up to {FAILURE_TEXT_BYTES} bytes",
    ],
    "aliyun.md": [
        "Each 1–{ALIYUN_FIELD_BYTES} bytes",
        "a field over {ALIYUN_FIELD_BYTES} bytes",
        "CONNACK {REGISTER_TIMEOUT_MS:s} s, the platform's answer another {REGISTER_TIMEOUT_MS:s} s",
    ],
    "radio.md": [
        "context 1 to {CONTEXTS}",
        "APN up to {ACCESS_POINT_BYTES} bytes",
    ],
}

# Limits that no host meets with these values: sizes of buffers, what a platform sends, what is kept
# of packet ids, when a program counts as stopped, and what only other makers' dialects have.
UNSEEN = {
    *("ALIYUN_TOKEN_BYTES", "ALIYUN_PUSH_BYTES", "INBOUND_QOS2", "UNACKNOWLEDGED"),
    *("OUTBOX_BYTES", "TRANSMIT_BYTES", "LINE_OUTPUT_BYTES", "OUTPUT_HIGH_BYTES", "BLOCK_BYTES", "KEPT_BYTES"),
    *("CLIENTS_BYTES", "DATA_BYTES", "CLIENTS", "CERTIFICATES", "CERTIFICATE_BYTES"),
    *("ID_MARKS", "ID_BLOCK", "STALL_MS", "STALL_READ_MS"),
}


def flowed(text):
    """Without the line breaks inside paragraphs."""
    return re.sub(r"(?<!\n)\n(?![\n|])", " ", text)


@pytest.mark.parametrize(
    "page, words", [(page, words) for page, stated in STATED.items() for words in stated]
)
def test_limits_are_those_of_the_code(page, words):
    assert words.format(**LIMITS) in flowed(PAGES[page])


def test_every_limit_is_stated_or_unseen():
    stated = {
        name for words in sum(STATED.values(), []) for name in re.findall(r"{(\w+)", words)
    }
    assert stated | UNSEEN == set(LIMITS)
    assert not stated & UNSEEN


def commands():
    table = (ROOT / "core" / "dialect" / "imqtt" / "imqtt_dialect.c").read_text()
    found = re.findall(r'\.name = "([^"]+)"', table)
    assert found
    return found


@pytest.mark.parametrize("name", commands())
def test_every_command_has_its_page(name):
    pattern = r"AT" + re.escape(name) + r"(?![A-Z0-9])"
    assert any(re.search(pattern, text) for file, text in PAGES.items() if file != "README.md")


def test_the_pages_name_no_other_command():
    named = {
        name
        for text in PAGES.values()
        for name in re.findall(r"AT(\+[A-Z]+)", re.sub(r"A command that this modem.*", "", text))
    }
    assert named - {"+X", "+IMQTT"} <= set(commands())


def test_every_page_is_in_the_index():
    linked = set(re.findall(r"\]\((\w+\.md)\)", PAGES["README.md"]))
    assert set(PAGES) - {"README.md"} <= linked


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_page_has_a_session_that_the_tests_play(page):
    assert "\n```transcript\n" in PAGES[page]


def test_the_list_from_a_to_z_and_the_manual_are_those_of_the_code():
    done = subprocess.run([ROOT / "script" / "reference"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_manual_has_the_errors_of_the_code():
    manual = (ROOT / "man" / "imqtt-at.7").read_text()
    stated = re.search(r"begin errors\n(.*?)\.\\\" end errors", manual, re.DOTALL)[1]
    assert dict(re.findall(r"^\.It (\d+)\n([^:\n]+)", stated, re.MULTILINE)) == errors()


def errors():
    text = (ROOT / "include" / "imqtt" / "status.h").read_text()
    found = dict(re.findall(r'X\(IMQTT_\w+, (\d+), "([^"]+)"\)', text))
    assert found
    return found


def test_error_texts_are_those_of_the_code():
    for number, text in errors().items():
        assert re.search(rf"^\| {number} \| {text}\b", PAGES["line.md"], re.MULTILINE)


@pytest.mark.parametrize("page", sorted(PAGES))
def test_errors_are_ones_that_there_are(page):
    for table in re.findall(r"^\| error \| when \|\n\|.*\n((?:\|.*\n)+)", PAGES[page], re.MULTILINE):
        stated = re.findall(r"^\| (\d+) \|", table, re.MULTILINE)
        assert stated and set(stated) <= set(errors())


def test_stages_are_those_of_the_code():
    text = (ROOT / "include" / "imqtt" / "failure.h").read_text()
    stages = re.findall(r'X\(IMQTT_STAGE_\w+, "(\w+)"\)', text)
    assert re.findall(r"^\| `(\w+)` \|", PAGES["diagnosis.md"], re.MULTILINE) == stages
