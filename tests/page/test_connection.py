"""The daemon goes and comes back; the page says so, and marks what it missed."""

import signal


def test_a_daemon_that_is_started_again(bench, browser):
    browser.open(bench, "meter")
    bench.host().command("AT+CSQ")
    browser.sees_line("+CSQ: ")
    bench.modem.signal(signal.SIGKILL)
    bench.modem.process.wait()
    browser.run("await page.locator('.banner', {hasText: 'imqttd does not answer'}).waitFor()")
    bench.start()
    browser.run("await page.locator('.banner').waitFor({state: 'detached'})")
    browser.sees_line("connection to imqttd lost: ")
    bench.host().command("AT+CREG?")
    browser.sees_line("+CREG: ")
    browser.sees_line("imqttd was started again")
    lines = browser.lines()
    places = [
        next(i for i, line in enumerate(lines) if text in line)
        for text in ("+CSQ: ", "connection to imqttd lost", "imqttd was started again", "+CREG: ")
    ]
    assert places == sorted(places)


def test_an_old_page_says_that_it_is_old(bench, browser):
    version = bench.control.get("/v1/version")
    browser.run(
        "await page.route(/\\/v1\\/version/, (route) => route.fulfill({json}))",
        json={**version, "version": "99.0.0"},
    )
    browser.open(bench)
    browser.run("await page.locator('.banner', {hasText: 'the program of version 99.0.0'}).waitFor()")
    browser.press("Close")
    browser.run("await page.locator('.banner').waitFor({state: 'detached'})")


def test_a_token_that_is_no_longer_good_leads_to_the_login(bench, browser):
    browser.open(bench, "meter")
    (bench.folder / "token").write_text("quite another token\n")
    assert bench.control.ask("POST", "/v1/reload").status == 200
    browser.run("await page.locator('input[name=token]').waitFor()")
    bench.token = "quite another token"
    browser.run(
        "await page.locator('input[name=token]').fill(token); await page.keyboard.press('Enter')",
        token=bench.token,
    )
    browser.listens("meter")


def test_a_modem_that_is_no_longer_there(bench, browser):
    browser.open(bench, "nobody")
    browser.run("await page.getByText('This modem is no longer there.').waitFor()")
