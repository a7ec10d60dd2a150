"""A browser on the page, told what to do in JavaScript: tests/page/browser.mjs."""

import json
import pathlib
import select
import subprocess

DEADLINE_S = 150

SCRIPT = pathlib.Path(__file__).parent / "browser.mjs"


class Browser:
    def __init__(self, **options):
        """options: of Playwright's browser context."""
        self._node = subprocess.Popen(
            ["node", str(SCRIPT), json.dumps(options)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )

    def run(self, code, **values):
        """Runs JavaScript with page, context, complaints, until and the values in sight."""
        self._node.stdin.write(json.dumps({"code": code, "values": values}) + "\n")
        self._node.stdin.flush()
        assert select.select([self._node.stdout], [], [], DEADLINE_S)[0], f"no answer to: {code}"
        answer = json.loads(self._node.stdout.readline())
        assert "error" not in answer, f"{code}\n{answer['error']}"
        return answer["value"]

    def until(self, condition, **values):
        """Waits until the JavaScript expression is true in the page's own world."""
        return self.run(f"return await until(async () => ({condition}))", **values)

    def complaints(self):
        """What the page said on its console, and dialogs that opened: nothing, if all is well."""
        return self.run("return complaints")

    # What most tests do.

    def open(self, bench, modem=None, listens=True):
        """Goes to the page and logs in; then to a modem, until what it does is seen."""
        fragment = f"#{modem}" if modem else ""
        self.run("await page.goto(url)", url=bench.url + fragment)
        self.run(
            "await page.locator('input[name=token]').fill(token);"
            "await page.locator('.login button').click();"
            "await page.locator('.list').waitFor()",
            token=bench.token,
        )
        if modem and listens:
            self.listens(modem)

    def listens(self, modem):
        """Waits until the page shows the modem, and all that it does from now on."""
        self.run(
            "const heading = page.getByRole('heading', {name, exact: true});"
            "await page.locator('main', {has: heading}).locator('.timeline[aria-busy=false]').waitFor()",
            name=modem,
        )

    def search(self, modem):
        """Searches the list until it has that modem only."""
        self.run("await page.getByRole('searchbox').first().fill(modem)", modem=modem)
        self.until("(await page.locator('.row b').allInnerTexts()).join() === modem", modem=modem)

    def choose(self, modem):
        """Searches for the modem and clicks it."""
        self.search(modem)
        self.run("await page.locator('.row').click()")
        self.listens(modem)

    def press(self, name):
        self.run("await page.getByRole('button', {name, exact: true}).click()", name=name)

    def tab(self, name):
        self.run("await page.getByRole('tab', {name}).click()", name=name)

    def sees_line(self, text):
        """Waits until a line of the timeline has that text."""
        self.run("await page.locator('.line', {hasText: text}).last().waitFor()", text=text)

    def lines(self):
        return self.run("return await page.locator('.line .text').allInnerTexts()")

    def notice(self, text):
        self.run("await page.locator('.notice', {hasText: text}).waitFor()", text=text)

    def download(self, code, path):
        """Clicks, and saves the file that comes; its name."""
        return self.run(
            "const coming = page.waitForEvent('download');"
            f"{code};"
            "const file = await coming; await file.saveAs(path); return file.suggestedFilename()",
            path=str(path),
        )

    def close(self):
        self._node.stdin.close()
        assert self._node.wait(DEADLINE_S) == 0
