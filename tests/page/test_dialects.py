"""Other makers' dialects on the page: what the modem says, what is typed as its host, and several
clients in one modem."""

import pytest


def order_of(page, *texts):
    """Each line of the timeline that has the next of these texts, behind the one before it."""
    lines, at = page.lines(), -1
    for text in texts:
        at = next((i for i in range(at + 1, len(lines)) if text in lines[i]), None)
        assert at is not None, f"{text} is not behind those before it in:\n" + "\n".join(lines)


class Typist:
    """Plays the host on the page: types a line, or data behind a prompt."""

    def __init__(self, page):
        self.page = page

    def types(self, text, button="Send"):
        self.page.run("await page.locator('.type input').fill(text)", text=text)
        self.page.press(button)

    def hears(self, command, *lines):
        self.types(command)
        for line in lines:
            self.page.sees_line(line)

    def is_asked_for_data(self, command):
        self.types(command)
        self.page.run("await page.getByPlaceholder('Data, as it stands').waitFor()")


@pytest.fixture
def start_typist(start_bench, browser):
    def start(more):
        bench = start_bench("[modem other]\npty = {folder}/other\n" + more)
        browser.open(bench, "other")
        return Typist(browser)

    return start


def test_qmt_with_two_clients(start_typist, mosquitto):
    typist = start_typist("dialect = qmt\nclients = 2\n")
    page = typist.page
    for i in (0, 1):
        typist.hears(f'AT+QMTOPEN={i},"127.0.0.1",{mosquitto.port}', f"+QMTOPEN: {i},0")
        typist.hears(f'AT+QMTCONN={i},"page-{i}","u","canary"', f"+QMTCONN: {i},0,0")
        page.run("await page.locator('.head', {hasText: text}).waitFor()", text=f"#{i} Connected to ")
        page.run("await page.locator('.head', {hasText: text}).waitFor()", text=f"as page-{i}, ")
        order_of(page, f"#{i} CONNECT ", f"#{i} CONNACK ", f"#{i} connected ", f"+QMTCONN: {i},0,0")
    typist.is_asked_for_data('AT+QMTPUB=1,7,1,0,"/qmt"')
    typist.types("open the valve", "Ctrl-Z")
    page.sees_line("+QMTPUB: 1,7,0")
    order_of(
        page, "\\r\\n>", "open the valve^Z", "#1 PUBLISH 2 QoS 1 /qmt 14 B", "OK\\r\\n", "#1 PUBACK 2", "+QMTPUB: 1,7,0",
    )
    assert "canary" not in "".join(page.lines())
    typist.is_asked_for_data('AT+QMTPUB=0,8,0,0,"/qmt"')
    typist.types("never", "ESC")
    page.run("await page.getByPlaceholder('Type an AT line').waitFor()")
    typist.hears("AT+IMQTTSTATE?", "+CME ERROR: 4")
    typist.hears("AT+QMTDISC=1", "+QMTDISC: 1,0")
    page.run("await page.locator('.head', {hasText: '#1 Not connected'}).waitFor()")
    page.tab("Details")
    for title in ("#0 Connection", "#0 Subscriptions", "#1 Connection", "#1 Subscriptions"):
        page.run("await page.getByRole('heading', {name, exact: true}).waitFor()", name=title)


def test_esp_whose_commands_wait_and_whose_prompt_stands_bare(start_typist, mosquitto):
    typist = start_typist("dialect = esp\n")
    page = typist.page
    typist.hears('AT+MQTTUSERCFG=0,1,"page-esp","u","canary",0,0,""', "OK")
    typist.hears(f'AT+MQTTCONN=0,"127.0.0.1",{mosquitto.port},0', "+MQTTCONNECTED:0,1,", "\\r\\nOK")
    typist.hears('AT+MQTTSUB=0,"/esp",1', "SUBACK ")
    typist.is_asked_for_data('AT+MQTTPUBRAW=0,"/esp",5,1,0')
    typist.types("a,b\\c")
    page.sees_line("+MQTTSUBRECV:0,")
    order_of(
        page, "CONNACK ", "+MQTTCONNECTED:0,1,", "PUBRAW", "\\r\\nOK\\r\\n", ">", "a,b\\c", "PUBLISH 3 QoS 1 /esp 5 B",
        "PUBACK 3", "+MQTTPUB:OK", '+MQTTSUBRECV:0,"/esp",5,a,b\\c',
    )
    assert "canary" not in "".join(page.lines())
    page.run("await page.locator('.head small', {hasText: 'esp'}).waitFor()")


def test_what_a_host_of_sm_does_wrong_is_told_in_its_words(start_typist, mosquitto):
    typist = start_typist("dialect = sm\n")
    page = typist.page
    typist.hears(f'AT+SMCONF="URL","127.0.0.1",{mosquitto.port}', "OK")
    typist.hears('AT+SMCONF="PASSWORD","canary"', "SMCONF=")
    typist.hears("AT+SMCONN", "CONNACK ")
    page.tab("Report")
    finding = "page.locator('.findings', {hasText: 'secret-with-echo'})"
    page.run(f"await {finding}.waitFor()")
    assert "canary" not in page.run(f"return await {finding}.innerText()")
