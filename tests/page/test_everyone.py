"""Two languages, two themes, the keyboard alone, a screen reader, a narrow window; with pictures."""

import pathlib

import pytest

PICTURES = pathlib.Path(__file__).parents[2] / "build" / "pictures"
FLEET = "[modem fleet-%d]\ncount = 40\npty = {folder}/fleet%d\n[modem pump]\npty = {folder}/pump\nradio = signal=4 registered=searching\n"


@pytest.fixture
def busy(start_bench, mosquitto, peer):
    """A bench on which something has happened to meter, watched or not."""
    bench = start_bench(FLEET)

    def happen():
        bench.uart = bench.host()
        bench.uart.connect(mosquitto, client_id="meter-17")
        bench.uart.subscribe("/down/meter", 1)
        for i in range(3):
            bench.uart.command(f'AT+IMQTTPUB=/up/meter,1,"temperature {20 + i}.5 °C"')
            bench.uart.urc(r"\+IMQTTPUB:\d+,0")
            peer.publish("/down/meter", b"set interval 10")
            bench.uart.received()
        bench.uart.type(b"AT+CSQ\rAT+CREG?\r")  # the second one too soon: the report says so
        bench.uart.expect(r".*\+CREG: [^\r]*\r\n\r\nOK\r\n")
        bench.uart.ask("AT+NOSUCH")
        bench.control.post(
            "/v1/modems/meter/faults", {"type": "latency", "link": "broker", "attributes": {"latency_ms": 300}}
        )

    bench.happen = happen
    return bench


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_each_view_is_accessible(busy, start_browser, locale, scheme):
    browser = start_browser(locale=locale, colorScheme=scheme)
    PICTURES.mkdir(parents=True, exist_ok=True)

    def look(name):
        assert browser.run("return await accessibilityFaults()") == [], name
        browser.run("await page.screenshot({path})", path=str(PICTURES / f"{name}-{locale[:2]}-{scheme}.png"))

    browser.run("await page.goto(url); await page.locator('.login').waitFor()", url=busy.url)
    look("login")
    browser.open(busy)
    look("list")
    browser.choose("meter")
    browser.run("await page.getByRole('searchbox').first().fill('')")
    busy.happen()
    browser.sees_line("latency-1")
    for name in ("controls", "faults", "charts", "report", "details"):
        browser.run("await page.locator(`#tab-${name}`).click()", name=name)
        look(name)
    browser.run("await page.locator('.line.at').nth(3).click(); await page.locator('.whole').waitFor()")
    look("line")


def test_controls_are_found_by_the_names_of_the_interface(busy, start_browser):
    names = ["signal", "registered", "sim", "power on", "power off", "power cycle", "link cut", "link close", "urc"]
    for locale in ("en", "zh-CN"):
        browser = start_browser(locale=locale)
        browser.open(busy, "meter")
        for name in names:
            browser.run("await page.getByLabel(`(${name})`).first().waitFor()", name=name)


def test_the_languages_and_themes_can_be_chosen(bench, start_browser):
    browser = start_browser(locale="en", colorScheme="light")
    browser.open(bench, "meter")
    browser.press("中文")
    browser.run("await page.getByRole('tab', {name: '控制'}).waitFor()")
    assert browser.run("return await page.evaluate(() => document.documentElement.lang)") == "zh"
    back = "return await page.evaluate(() => getComputedStyle(document.querySelector('.top')).backgroundColor)"
    assert browser.run(back) == "rgb(255, 255, 255)"
    browser.press("深色")
    assert browser.run(back) != "rgb(255, 255, 255)"
    browser.run("await page.reload(); await page.locator('.login').waitFor()")
    assert "令牌" in browser.run("return await page.locator('.login').innerText()")


def test_all_is_reached_with_the_keyboard_alone(start_bench, browser):
    bench = start_bench(FLEET)
    browser.run("await page.goto(url)", url=bench.url)
    press = "for (const key of keys) await page.keyboard.press(key)"
    login = ("await page.keyboard.insertText(token); await page.keyboard.press('Enter');"
             "await page.locator('.row').first().waitFor()")
    browser.run(login, token=bench.token)
    browser.run("await page.getByRole('button', {name: 'Log out'}).focus(); await page.keyboard.press('Enter');"
                "await page.locator('input[name=token]:focus').waitFor()")
    browser.run(login, token=bench.token)
    browser.run("await page.locator('body').press('/'); await page.keyboard.type('meter')")
    browser.until("(await page.locator('.row').count()) === 1")
    browser.run(press, keys=["ArrowDown", "Enter"])
    browser.listens("meter")
    browser.run("await page.getByLabel('Signal (signal)').waitFor()")
    focused = "return await page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText)"
    reached = []
    for _ in range(60):
        browser.run(press, keys=["Tab"])
        reached.append(browser.run(focused))
        if reached[-1] == "Send (urc)":
            break
    for name in ("Find", "Pause", "Copy", "Timeline", "Type an AT line as the host", "Controls", "Signal (signal)",
                 "Registered (registered)", "SIM (sim)", "off (power off)", "URC (urc)", "Send (urc)"):
        assert name in reached, reached
    browser.run("await page.locator('#tab-controls').focus()")
    browser.run(press, keys=["ArrowRight", "ArrowRight"])
    browser.until("(await page.locator('#tab-charts').getAttribute('aria-selected')) === 'true'")
    browser.run("await page.getByLabel('Signal (signal)', {exact: true}).count(); await page.locator('#tab-controls').click();"
                "await page.getByLabel('Signal (signal)', {exact: true}).focus()")
    browser.run(press, keys=["Home"])
    browser.notice("Done: signal 0")
    browser.run("await page.locator('.lines').focus()")
    browser.run(press, keys=["p"])
    browser.until("(await page.locator('#pause').getAttribute('aria-pressed')) === 'true'")


def test_a_narrow_window(busy, start_browser):
    browser = start_browser(viewport={"width": 390, "height": 780})
    browser.open(busy)
    browser.choose("meter")
    assert not browser.run("return await page.locator('.list').isVisible()")
    busy.happen()
    browser.sees_line("latency-1")
    wide = browser.run("return await page.evaluate(() => document.documentElement.scrollWidth)")
    assert wide <= 390
    assert browser.run("return await accessibilityFaults()") == []
    browser.run("await page.getByLabel('off (power off)').scrollIntoViewIfNeeded()")
    PICTURES.mkdir(parents=True, exist_ok=True)
    browser.run("await page.locator('.head').scrollIntoViewIfNeeded(); await page.screenshot({path})",
                path=str(PICTURES / "narrow.png"))
    browser.press("‹ All modems")
    browser.run("await page.locator('.list').waitFor()")


def test_the_list_is_searched_and_filtered(busy, browser):
    browser.open(busy)
    browser.until("(await page.getByRole('button', {name: /^all/}).innerText()).includes('42')")
    browser.run("await page.getByRole('searchbox').fill('fleet-1')")
    browser.until("(await page.getByRole('button', {name: /^all/}).innerText()).includes('11')")
    browser.run("await page.getByRole('searchbox').fill('')")
    browser.run("await page.getByRole('button', {name: /^not registered/}).click()")
    browser.until("(await page.locator('.row').allInnerTexts()).join().startsWith('pump')")
    busy.control.post("/v1/modems/fleet-3/power", {"action": "off"})
    browser.run("await page.getByRole('button', {name: /^off \\d/}).click()")
    browser.until("(await page.locator('.row').allInnerTexts()).join().startsWith('fleet-3')")
    browser.run("await page.getByRole('searchbox').fill('nothing like this')")
    browser.run("await page.getByText('No modem is like that.').waitFor()")
