"""The timeline: what a modem says and hears, in the order in which it happens, and what is done with it."""

import json
import os
import pathlib
import re
import subprocess

import pytest

from modem import PROGRAM

IMQTTCTL = pathlib.Path(os.environ.get("IMQTTCTL", PROGRAM.parent / "imqttctl")).absolute()


@pytest.fixture
def session(meter, mosquitto, peer):
    """A host that connects, subscribes, publishes and receives, watched by the page."""
    uart = meter.uart
    uart.connect(mosquitto, client_id="page-session")
    uart.subscribe("/down/page", 1)
    uart.command('AT+IMQTTPUB=/up/page,1,"21.5 degrees"')
    uart.urc(r"\+IMQTTPUB:\d+,0")
    peer.publish("/down/page", b"open the valve")
    uart.received()
    meter.page.sees_line('+IMQTTRCVPUB:')
    return meter


def test_both_directions_packets_news_and_faults_stand_in_order(session):
    page = session.page
    session.control.post("/v1/modems/meter/faults", {"type": "mute", "name": "hush", "when": {"command": "AT+X"}})
    page.sees_line("hush added: mute")
    lines = page.lines()
    expected = [
        "AT+IMQTTCONN\\r", "CONNECT ", "CONNACK ", "connected ", "SUBSCRIBE ", "AT+IMQTTPUB=",
        "PUBLISH 3 QoS 1 /up/page 12 B", "PUBACK 3", "PUBLISH 1 QoS 1 /down/page 14 B",
        "+IMQTTRCVPUB:1,", "hush added: mute",
    ]
    at = -1
    for text in expected:
        at = next((i for i in range(at + 1, len(lines)) if text in lines[i]), None)
        assert at is not None, f"{text} is not behind those before it in:\n" + "\n".join(lines)
    assert any(line == "\\r\\nOK\\r\\n" for line in lines)  # control bytes are seen
    assert page.run("return await page.locator('.line.host i').first().innerText()") == "\\r"


def test_times_and_differences(session):
    page = session.page
    first = page.run("return await page.locator('.line').nth(1).innerText()")
    assert re.match(r"\d\d:\d\d:\d\d\.\d{3}\s*\+[\d.:]+( ms| s)?", first)
    page.press("seconds")
    assert re.match(r"\d+\.\d{3}\s", page.run("return await page.locator('.line').nth(1).innerText()"))
    page.press("clock")


def test_kinds_can_be_left_out(session):
    page = session.page
    for name in ("AT", "news", "faults"):
        page.run("await page.locator('.tools').getByRole('button', {name, exact: true}).click()", name=name)
    page.until("(await page.locator('.line:not(.mqtt)').count()) === 0")
    assert any("PUBLISH" in line for line in page.lines())
    page.run("await page.locator('.tools').getByRole('button', {name: 'AT', exact: true}).click()")
    page.run("await page.locator('.line.at').first().waitFor()")


def test_finding(session):
    page = session.page
    find = "page.getByLabel('Find', {exact: true})"
    page.run(f"await page.locator('.lines').focus(); await page.keyboard.press('f'); await {find}.fill('VALVE')")
    page.run("await page.locator('mark').first().waitFor()")
    page.run(f"await {find}.press('Enter')")
    page.run("await page.locator('.line[aria-selected=true]', {hasText: 'open the valve'}).waitFor()")
    assert "open the valve" in page.run("return await page.locator('.whole').innerText()")
    page.press("only these")
    page.until("(await page.locator('.line').count()) === 1")
    page.press("only these")
    page.run(f"await {find}.fill('IMQTTPUB')")
    chosen = "page.locator('.line.focus').innerText()"
    page.press("Next")
    page.until(f"(await {chosen}).includes('IMQTTPUB')")
    first = page.run(f"return await {chosen}")
    page.press("Next")
    page.until(f"(await {chosen}) !== first", first=first)
    page.press("Previous")
    page.until(f"(await {chosen}) === first", first=first)


def test_pause_and_go_on(session):
    page = session.page
    page.press("Pause")
    before = page.lines()
    session.uart.command("AT+CSQ")
    page.until("/\\d+ lines/.test(await page.locator('.counts').last().innerText())")
    session.control.post("/v1/modems/meter/urc", {"text": "+LATER: 1"})
    session.uart.urc(r"\+LATER: 1")
    page.until(
        "parseInt(await page.locator('.timeline > .counts').innerText()) > count", count=len(before) + 2
    )
    assert page.lines()[: len(before)] == before
    page.press("Go on")
    page.sees_line("+LATER: 1")


def is_in_sight(page, text):
    """Of the lines that have that text the last, and no button leads to it."""
    page.sees_line(text)
    page.until(
        "await page.locator('.line', {hasText: text}).last().evaluate((line) =>"
        " line.getBoundingClientRect().bottom <= line.closest('.lines').getBoundingClientRect().bottom + 1)"
        " && await page.locator('.newest').count() === 0",
        text=text,
    )


def test_the_newest_line_stays_until_somebody_scrolls(meter):
    """A head that becomes higher, as when the broker's name comes, is nobody who scrolls."""
    page, uart = meter.page, meter.uart
    for _ in range(15):
        uart.ask("AT")
    uart.ask("AT+NOSUCH")
    is_in_sight(page, "AT+NOSUCH")
    # The browser tells of a place that was set before; the head has grown by then.
    squeeze = (
        "document.querySelector('.head').style.paddingBottom = height;"
        "document.querySelector('.lines').dispatchEvent(new Event('scroll'));"
    )
    for height in ("120px", "8px"):
        page.run(f"await page.evaluate((height) => {{ {squeeze} }}, height)", height=height)
        uart.ask(f"AT+NOSUCH{height[:-2]}")
        is_in_sight(page, f"AT+NOSUCH{height[:-2]}")
    page.run("await page.locator('.lines').hover(); await page.mouse.wheel(0, -20)")
    page.run("await page.locator('.newest').waitFor()")
    uart.ask("AT+NOSUCH2")
    page.run("await page.locator('.newest').click()")
    is_in_sight(page, "AT+NOSUCH2")


def test_copying_chosen_lines_and_all(session):
    page = session.page
    clipboard = "return await page.evaluate(() => navigator.clipboard.readText())"
    page.press("Copy")
    page.notice("lines copied")
    everything = page.run(clipboard).split("\n")
    assert len(everything) > 20 and any("▸ AT+IMQTTCONN\\x0d" in line for line in everything)
    page.run(
        "await page.locator('.line', {hasText: 'AT+IMQTTCONN'}).first().click();"
        "await page.keyboard.press('Shift+ArrowDown');"
        "await page.keyboard.press('Control+c')"
    )
    page.run("await page.getByText('2 lines copied', {exact: true}).waitFor()")
    assert len(page.run(clipboard).split("\n")) == 2


def imqttctl(*arguments):
    return subprocess.run([IMQTTCTL, *map(str, arguments)], capture_output=True, text=True, timeout=60)


def test_what_is_kept_is_saved_as_a_recording(session, tmp_path):
    file = tmp_path / "kept.jsonl"
    name = session.page.download("await page.getByRole('button', {name: 'Save', exact: true}).click()", file)
    assert name == "meter.jsonl"
    head, *events = map(json.loads, file.read_text().splitlines())
    assert head["imqtt_recording"] == 1 and head["modem"] == "meter"
    assert [event["t_ms"] for event in events] == sorted(event["t_ms"] for event in events)
    assert {event["kind"] for event in events} >= {"at", "mqtt", "news"}
    report = imqttctl("report", file)
    assert report.returncode in (0, 1) and report.stderr == ""


def test_what_is_kept_is_saved_as_pcapng(session, tmp_path):
    file = tmp_path / "kept.pcapng"
    name = session.page.download("await page.getByRole('button', {name: 'Save pcapng'}).click()", file)
    assert name == "meter.pcapng"
    read = subprocess.run(
        ["tshark", "-r", file, "-T", "fields", "-e", "frame.interface_name", "-e", "frame.len"],
        capture_output=True, text=True, timeout=60,
    )
    assert read.returncode == 0, read.stderr
    assert len(read.stdout.splitlines()) > 10
    assert "meter" in read.stdout
    assert b"AT+IMQTTCONN\r" in file.read_bytes()


def test_a_recording_runs_from_start_to_stop(session, tmp_path):
    page, file = session.page, tmp_path / "live.jsonl"
    page.run("await page.getByRole('button', {name: '● Record'}).click()")
    page.until("/[1-9]\\d* KiB/.test(await page.getByRole('button', {name: /Stop and save/}).innerText())")
    session.uart.command("AT+CSQ")
    page.sees_line("+CSQ: ")
    page.download("await page.getByRole('button', {name: /Stop and save/}).click()", file)
    lines = [json.loads(line) for line in file.read_text().splitlines() if line.strip()]
    assert lines[0]["imqtt_recording"] == 1
    texts = [line["text"] for line in lines[1:] if line["kind"] == "at"]
    assert texts[0] == "AT+CSQ\\x0d" and "+CSQ: " in "".join(texts)


def test_clear_leaves_nothing(session):
    page = session.page
    page.press("Clear")
    page.until("!(await page.locator('.line').allInnerTexts()).join().includes('AT+IMQTT')")
    session.uart.command("AT")
    page.sees_line("AT")


def test_the_timeline_of_a_modem_stays_while_another_is_looked_at(start_bench, browser):
    bench = start_bench("[modem pump]\npty = {folder}/pump\n")
    browser.open(bench, "meter")
    host = bench.host()
    host.command("AT+CSQ")
    browser.sees_line("+CSQ: ")
    browser.run("await page.getByRole('option', {name: /^pump/}).click()")
    browser.listens("pump")
    assert browser.lines() == []
    browser.run("await page.getByRole('option', {name: /^meter/}).click()")
    browser.listens("meter")
    browser.sees_line("+CSQ: ")
    browser.sees_line("not looked at: ")
    bench.control.ask("PATCH", "/v1/modems/meter", {"radio": {"registered": "denied"}})
    browser.run("await page.locator('.head', {hasText: 'denied'}).waitFor()")


def test_the_timeline_says_when_it_listens(bench, browser):
    """An event stream that opens late: what happened before is not shown, and the page says so."""
    browser.run(
        "globalThis.held = new Promise((done) => { globalThis.let_go = done; });"
        "await page.route(/\\/v1\\/events/, async (route) => { await held; await route.continue(); })"
    )
    browser.open(bench, "meter", listens=False)
    browser.run("await page.locator('.timeline[aria-busy=true] .empty', {hasText: 'opening the stream…'}).waitFor()")
    bench.host().command("AT+CSQ")
    browser.run("let_go()")
    browser.listens("meter")
    browser.run("await page.locator('.timeline .empty', {hasText: 'Nothing has happened yet.'}).waitFor()")


# How high a line of a chart goes, in pixels of its canvas: by the legend's colour. -1: it is not there.
RISES = (
    "(await page.locator('.chart').nth(chart).evaluate((figure, line) => {"
    "  const colour = getComputedStyle(figure.querySelector(`.legend.line-${line}`)).color.match(/\\d+/g);"
    "  const canvas = figure.querySelector('canvas');"
    "  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
    "  const rows = [];"
    "  for (let i = 0; i < data.length; i += 4)"
    "    if (data[i + 3] > 200 && colour.every((part, c) => Math.abs(part - data[i + c]) < 24))"
    "      rows.push(Math.floor(i / 4 / canvas.width));"
    "  return rows.length ? Math.max(...rows) - Math.min(...rows) : -1; }, line))"
)


def test_charts_show_what_was_sent(session):
    page = session.page
    page.tab("Charts")
    for chart, title in enumerate(("Messages a second", "Acknowledged after, ms", "Payload bytes a second")):
        page.run("await page.getByRole('img', {name: title, exact: true}).waitFor()", title=title)
        least = 2 if chart == 1 else 20  # an acknowledgement is a dot
        page.until(f"{RISES} >= least", chart=chart, line=1, least=least)
    # What is pointed at is told of all charts: here a second in which nobody looked.
    page.run("await page.locator('.u-over').first().hover({position: {x: 9, y: 9}})")
    for text in ("out –", "mean –"):
        page.run("await page.locator('.legend', {hasText: text}).first().waitFor()", text=text)
    page.until("(await page.locator('.chart time').count()) === 3")


def test_details_say_how_it_is(session):
    page = session.page
    page.tab("Details")
    for part in ("page-session", "/down/page", "QoS 1", "messages_out", "reconnect_max_s"):
        page.run("await page.locator('.panel', {hasText: part}).waitFor()", part=part)


def test_the_report_leads_into_the_timeline(session):
    page, uart = session.page, session.uart
    page.tab("Report")
    uart.type(b"AT+CSQ\rAT+CREG?\r")
    uart.expect(rb"\+CREG")
    page.run("await page.locator('.findings', {hasText: 'command-before-result'}).waitFor()")
    page.run("await page.getByRole('button', {name: /^Show in the timeline/}).first().click()")
    chosen = page.run("return await page.locator('.line[aria-selected=true]').innerText()")
    assert "AT+C" in chosen
