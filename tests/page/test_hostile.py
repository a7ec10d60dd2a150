"""What comes from a broker, a host or another site is text, and never does anything."""

import http.client
import json

import pytest

MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "\"><iframe srcdoc='<script>parent.alert(1)</script>'>",
    "javascript:alert(1)",
    "{{constructor.constructor('alert(1)')()}}",
    "<style>*{display:none}</style>",
    "<a href=javascript:alert(1) autofocus onfocus=alert(1)>x</a>",
    "&lt;b&gt;&#60;script&#62;",
    "</pre></bdi><base href=//evil.example><form action=//evil.example><input>",
    "'-alert(1)-'",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
]

FOREIGN = (
    "return await page.evaluate(() => [...document.querySelectorAll("
    "'script:not([src=\"/page.js\"]), iframe, img, base, style, object, embed, math, a, .app [onerror], [onfocus]')]"
    ".map((each) => each.outerHTML))"
)


def ask(bench, path, host=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", bench.port, timeout=60)
    connection.request("GET", path, headers={**({"Host": host} if host else {}), **headers})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def test_markup_in_payloads_topics_and_lines_is_shown_and_does_nothing(meter, mosquitto, peer):
    page, uart = meter.page, meter.uart
    uart.connect(mosquitto, client_id="page-markup")
    uart.subscribe("/evil/#", 0)
    for i, markup in enumerate(MARKUP):
        topic = "/evil/" + markup.replace("+", "").replace("#", "")
        peer.publish(topic, markup.encode())
        uart.expect_bytes(f',"{markup}"\r\n'.encode())
        uart.send(f"AT{markup}")
        uart.expect(r"\r\n(ERROR|\+CME ERROR: [^\r]*)\r\n")
        page.sees_line(f"AT{markup}")
    meter.control.post("/v1/modems/meter/urc", {"text": MARKUP[0]})
    page.run("await page.locator('.line', {hasText: 'alert(1)'}).last().click(); await page.locator('.whole').waitFor()")
    for tab in ("Details", "Report", "Faults", "Charts", "Controls"):
        page.tab(tab)
        assert page.run(FOREIGN) == []
    shown = "\n".join(page.lines())
    assert "<script>alert(1)</script>" in shown


def test_a_faults_text_is_text(meter):
    page = meter.page
    meter.control.post(
        "/v1/modems/meter/faults",
        {"type": "urc", "name": "evil", "when": {"command": MARKUP[1]}, "attributes": {"text": MARKUP[0]}},
    )
    page.tab("Faults")
    page.run("await page.locator('.faults li', {hasText: '<script>'}).waitFor()")
    assert page.run(FOREIGN) == []


def test_names_from_a_strange_daemon_are_text(bench, browser):
    summary = bench.control.get("/v1/modems")["modems"][0]
    listed = [{**summary, "name": name, "terminal": name} for name in MARKUP]
    browser.run(
        "await page.route(/\\/v1\\/modems\\?/, (route) => route.fulfill({json}))",
        json={"modems": listed, "total": len(listed)},
    )
    browser.open(bench)
    browser.run("await page.locator('.row', {hasText: 'onerror'}).first().click()")
    browser.run("await page.locator('h2', {hasText: 'onerror'}).waitFor()")
    browser.run("await page.getByText('This modem is no longer there.').waitFor()")
    assert browser.run(FOREIGN) == []


def test_text_that_turns_or_hides_is_named(meter, mosquitto, peer):
    page, uart = meter.page, meter.uart
    uart.connect(mosquitto, client_id="page-bidi")
    uart.subscribe("/bidi/#", 0)
    peer.publish("/bidi/\u202egnp.exe\u200bשלום", "שלום \u2066x".encode())
    uart.received()
    page.sees_line("U+202E")
    for name in ("U+202E", "U+200B", "U+2066"):
        page.run("await page.locator('.line i', {hasText: name}).first().waitFor()", name=name)
    assert page.run("return await page.locator('bdi:not([dir=ltr])').count()") == 0


def test_unreadable_events_are_told_and_counted(bench, browser):
    bad = ["nonsense", "{}", '{"t_ms":1,"kind":"at"}', "[" * 5000, '{"kind":"__proto__","t_ms":1}']
    good = {"t_ms": 5.0, "modem": "meter", "kind": "at", "dir": "host", "hex": "41", "text": "A good one"}
    body = "".join(f"event: at\ndata: {data}\n\n" for data in [*bad, json.dumps(good)])
    browser.run(
        "await page.route(/\\/v1\\/events/, (route) => route.fulfill({contentType: 'text/event-stream', body}))",
        body=body,
    )
    browser.open(bench, "meter", listens=False)  # that stream always ends at once
    browser.sees_line("unreadable event: nonsense")
    browser.sees_line("A good one")
    browser.until("/[5-9] unreadable events|\\d\\d unreadable/.test(await page.locator('.timeline > .counts').innerText())")


def test_an_event_of_a_quarter_of_a_mebibyte(bench, browser):
    text = "payload " * (256 * 1024 // 8)
    event = {"t_ms": 5, "modem": "meter", "kind": "at", "dir": "host", "hex": text.encode().hex(), "text": text}
    browser.run(
        "let first = true; await page.route(/\\/v1\\/events/, (route) =>"
        " first ? ((first = false), route.fulfill({contentType: 'text/event-stream', body})) : route.continue())",
        body=f"event: at\ndata: {json.dumps(event)}\n\n",
    )
    browser.open(bench, "meter")
    browser.sees_line("payload payload")
    browser.run("await page.locator('.line', {hasText: 'payload'}).click()")
    browser.run("await page.getByText('262144 characters in all').waitFor()")
    assert len(browser.run("return await page.locator('.whole pre').first().innerText()")) < 9000
    began, took = browser.run(
        "const began = Date.now(); await page.keyboard.press('ArrowUp');"
        "return [began, Date.now() - began]"
    )
    assert took < 1000


@pytest.mark.parametrize("path", ["/", "/page.js", "/page.css"])
def test_the_policy_lets_nothing_else_in(bench, path):
    response, body = ask(bench, path)
    assert response.status == 200
    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Set-Cookie" not in response.headers
    known, empty = ask(bench, path, **{"If-None-Match": response.headers["ETag"]})
    assert (known.status, empty) == (304, b"")
    assert ask(bench, path, **{"If-None-Match": '"other"'})[1] == body


def test_inline_scripts_and_eval_do_not_run(bench, start_browser):
    browser = start_browser()
    browser.open(bench)
    outcome = browser.run(
        "await page.evaluate(() => { const script = document.createElement('script');"
        " script.textContent = 'globalThis.hasRun = true'; document.body.append(script);"
        # Not at once: what a debugger calls may do more than the page's own code.
        " setTimeout(() => { try { (0, eval)('globalThis.hasRun = true'); globalThis.outcome = 'ran'; }"
        " catch { globalThis.outcome = 'refused'; } }); });"
        "return await until(() => page.evaluate(() => globalThis.outcome && [globalThis.outcome, !!globalThis.hasRun]))"
    )
    assert outcome == ["refused", False]
    complaints = browser.run("return complaints.splice(0)")
    assert any("Content Security Policy" in each for each in complaints)


@pytest.mark.parametrize("path", ["/", "/page.js", "/v1/version", "/v1/faults"])
@pytest.mark.parametrize("host", ["attacker.example", "attacker.example:{port}", "127.0.0.1.attacker.example"])
def test_a_rebound_name_is_refused(bench, path, host):
    response, _ = ask(bench, path, host.format(port=bench.port), Authorization=f"Bearer {bench.token}")
    assert response.status == 400


def test_another_sites_page_can_do_nothing(bench, start_browser):
    """No cookies, so the browser gives it nothing to be trusted for; no CORS, so it reads nothing."""
    browser = start_browser()
    browser.open(bench, "meter")
    outcome = browser.run(
        "const other = await context.newPage();"
        "await other.route('http://other.example/', (route) => route.fulfill({contentType: 'text/html', body: 'x'}));"
        "await other.goto('http://other.example/');"
        "return await other.evaluate(async (url) => {"
        "  const results = [];"
        "  for (const [path, method] of [['v1/modems', 'GET'], ['v1/reset', 'POST']])"
        "    results.push(await fetch(url + path, {method, credentials: 'include'})"
        "      .then((r) => `read ${r.status}`, () => 'refused'));"
        "  await fetch(url + 'v1/reset', {method: 'POST', mode: 'no-cors', credentials: 'include'}).catch(() => 0);"
        "  return results; }, url)",
        url=bench.url,
    )
    assert outcome == ["refused", "refused"]
    bench.control.ask("PATCH", "/v1/modems/meter", {"radio": {"signal": 3}})
    browser.run(
        "const [, other] = context.pages();"
        "await other.evaluate((url) => fetch(url + 'v1/reset', {method: 'POST', mode: 'no-cors'}).catch(() => 0), url)",
        url=bench.url,
    )
    assert bench.control.get("/v1/modems/meter")["signal"] == 3
