"""Every control of the page is used, and its effect seen where it should be: by the host."""

import pytest

from control import API

SIGNAL = "page.getByLabel('Signal (signal)')"


def choose(page, label, value):
    page.run("await page.getByLabel(label, {exact: true}).selectOption(value)", label=label, value=value)


def test_a_wrong_token_is_refused_and_a_right_one_is_kept_nowhere(bench, browser):
    browser.run("await page.goto(url)", url=bench.url)
    log_in = "await page.locator('input[name=token]').fill(token); await page.keyboard.press('Enter')"
    browser.run(log_in, token="not the token at all")
    browser.run("await page.getByRole('alert').getByText('That is not the token.').waitFor()")
    browser.run(log_in, token=bench.token)
    browser.run("await page.locator('.list').waitFor()")
    kept = browser.run(
        "return await page.evaluate(() => JSON.stringify([{...localStorage}, {...sessionStorage},"
        " document.cookie, location.href, document.documentElement.outerHTML]))"
    )
    assert bench.token not in kept
    assert browser.run("return await context.cookies()") == []
    browser.press("Log out")
    browser.run("await page.locator('input[name=token]').waitFor()")


def test_radio(meter):
    page, uart = meter.page, meter.uart
    page.run(f"await {SIGNAL}.fill('7')")
    page.notice("Done: signal 7")
    assert uart.command("AT+CSQ") == ["+CSQ: 7,99"]
    page.run("await page.getByLabel('unknown (signal 99)').check()")
    page.notice("Done: signal 99")
    assert uart.command("AT+CSQ") == ["+CSQ: 99,99"]
    uart.command("AT+CREG=1")
    for word, number in (("denied", 3), ("searching", 2), ("roaming", 5), ("no", 0), ("home", 1)):
        choose(page, "Registered (registered)", word)
        uart.urc(rf"\+CREG: ?{number}")
    choose(page, "SIM (sim)", "absent")
    page.notice("Done: sim absent")
    assert meter.control.get("/v1/modems/meter")["radio"]["sim"] == "absent"
    assert uart.ask("AT+CPIN?")[1] != "OK"
    choose(page, "SIM (sim)", "ready")
    page.notice("Done: sim ready")
    uart.urc(r"\+CREG: ?1")
    uart.pending = b""
    assert uart.command("AT+CPIN?") == ["+CPIN: READY"]


def test_power(meter):
    page, uart = meter.page, meter.uart
    page.press("off (power off)")
    page.run("await page.locator('.state', {hasText: 'Switched off'}).waitFor()")
    uart.send("AT")
    page.press("on (power on)")
    page.notice("Done: power on")
    uart.send("ATE0")  # echo is on again, and what was typed before was not heard
    assert uart.expect(rb"\A(.*)\r\nOK\r\n")[1] == b"ATE0\r"
    page.press("cycle (power cycle)")
    page.notice("Done: power cycle")
    uart.send("ATE0")
    assert uart.expect(rb"\A(.*)\r\nOK\r\n")[1] == b"ATE0\r"


@pytest.mark.parametrize("name", ["cut (RST) (link cut)", "close (FIN) (link close)"])
def test_link(meter, mosquitto, name):
    meter.uart.connect(mosquitto, client_id="page-link")
    meter.page.run("await page.locator('.state', {hasText: 'Connected to'}).waitFor()")
    meter.page.press(name)
    meter.uart.urc(r"\+IMQTTCONN:-1")
    meter.page.run("await page.locator('.state', {hasText: 'Not connected'}).waitFor()")
    meter.page.run("await page.locator('.error', {hasText: 'Last error at'}).waitFor()")


def test_the_last_error_is_told_in_words(meter):
    uart = meter.uart
    uart.command('AT+IMQTTADDR=127.0.0.1,1,"x"')
    assert uart.fail_to_connect()[0] == "tcp"
    meter.page.run("await page.locator('.error', {hasText: 'no TCP connection (tcp'}).waitFor()")


def test_urc(meter):
    page = meter.page
    page.run("await page.getByLabel('URC (urc)', {exact: true}).fill('+CMTI: \"SM\",1')")
    page.press("Send (urc)")
    meter.uart.urc(r'\+CMTI: "SM",1')
    page.sees_line('+CMTI: "SM",1')
    page.run("await page.getByLabel('URC (urc)', {exact: true}).fill('tab\\there')")
    page.press("Send (urc)")
    page.notice("Refused: ")


def test_reset_all(meter):
    meter.control.ask("PATCH", "/v1/modems/meter", {"radio": {"signal": 3}})
    meter.control.post("/v1/modems/meter/faults", {"type": "mute"})
    meter.page.press("Reset all")
    meter.page.notice("Done: Reset all")
    now = meter.control.get("/v1/modems/meter")
    assert now["faults"] == [] and now["signal"] != 3


def test_a_line_is_typed_only_where_there_is_no_host(bench, browser):
    browser.open(bench, "meter")
    field = "page.getByLabel('Type an AT line as the host')"
    browser.run(f"await {field}.fill('AT+CSQ'); await {field}.press('Enter')")
    browser.sees_line("+CSQ: ")
    browser.until(f"(await {field}.inputValue()) === ''")
    browser.run(f"await {field}.press('ArrowUp')")
    assert browser.run(f"return await {field}.inputValue()") == "AT+CSQ"
    bench.host()
    browser.until(f"await {field}.isDisabled()")
    assert "A host has the terminal" in browser.run(f"return await {field}.getAttribute('placeholder')")


# ---- faults --------------------------------------------------------------------------------------

NEEDED = {
    "latency": {"latency_ms": 5}, "bandwidth": {"baud": 9600}, "drop": {"share": 0.25},
    "garble": {"share": 0.5}, "insert": {"share": 0.125, "bytes": 3}, "withhold": {"packet": "PUBACK"},
    "answer": {"error": 33}, "late": {"delay_ms": 7}, "urc": {"text": "+X: 1", "at": "echo"},
    "cut": {"after_bytes": 10, "how": "fin"}, "refuse": {"stage": "connack", "code": 5},
    "slicer": {"bytes": 2, "delay_ms": 1},
}
TYPES = API["components"]["schemas"]["FaultType"]["enum"]


def fill_fault(page, kind, **fields):
    page.tab("Faults")
    page.run("await page.locator('.panel select[name=type]').selectOption(kind)", kind=kind)
    page.run("await page.locator('.panel details').evaluate((each) => { each.open = true; })")
    for name, value in fields.items():
        page.run(
            "const field = page.locator(`.panel [name='${name}']`);"
            "const isList = await field.evaluate((each) => each.tagName === 'SELECT');"
            "await (isList ? field.selectOption(value) : field.fill(value))",
            name=name, value=str(value),
        )


def add_fault(page, kind, **fields):
    fill_fault(page, kind, **fields)
    page.press("Add fault")


def test_the_form_of_each_type_adds_just_that_fault(meter):
    page = meter.page
    for kind in TYPES:
        fields = {"when": "AT+NEVER", **NEEDED.get(kind, {})}
        if kind in ("latency", "bandwidth", "slicer", "stall"):
            del fields["when"]
        add_fault(page, kind, name=f"a-{kind}", seed=7, **fields)
        page.notice(f"Done: Add fault {kind}")
        (fault,) = meter.control.get("/v1/modems/meter/faults")["faults"]
        assert (fault["name"], fault["type"], fault["seed"]) == (f"a-{kind}", kind, 7)
        assert NEEDED.get(kind, {}).items() <= fault["attributes"].items()
        assert fault.get("when", {}).get("command") == fields.get("when")
        page.press(f"Remove a-{kind}")
        page.notice(f"Done: Remove a-{kind}")
        assert meter.control.get("/v1/modems/meter/faults")["faults"] == []


def test_faults_act_on_the_host_and_can_be_removed(meter):
    page, uart = meter.page, meter.uart
    add_fault(page, "answer", error=33, when="AT+CSQ*", count=2)
    page.notice("Done: Add fault answer")
    assert uart.ask("AT+CSQ")[1] in ("ERROR", "+CME ERROR: 33")
    page.sees_line("answer-1 struck: answer")
    assert uart.command("AT+CREG?")
    add_fault(page, "late", delay_ms=1, ttl_ms=900000, toxicity=0.5)
    page.run("await page.locator('.faults li', {hasText: 'toxicity=0.5 ttl=900s'}).waitFor()")
    page.press("Remove all")
    page.run("await page.getByText('No faults.').waitFor()")
    assert uart.command("AT+CSQ")


def test_a_refused_fault_says_why_at_the_form(meter):
    page = meter.page
    add_fault(page, "answer")  # neither text nor error
    page.run("await page.locator('.panel [role=alert]').waitFor()")
    add_fault(page, "mute", name="same")
    page.notice("Done: Add fault mute")
    add_fault(page, "mute", name="same")
    page.run("await page.locator('.panel [role=alert]').waitFor()")
    assert len(meter.control.get("/v1/modems/meter/faults")["faults"]) == 1


def test_the_browser_itself_refuses_what_is_out_of_range(meter):
    page = meter.page
    fill_fault(page, "latency", latency_ms=3600001)
    page.press("Add fault")
    page.until("await page.locator('.panel input[name=latency_ms]').evaluate((e) => e.validity.rangeOverflow)")
    assert meter.control.get("/v1/modems/meter/faults")["faults"] == []
