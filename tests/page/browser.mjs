// A headless Chromium that does what is asked of it on standard input: one piece of JavaScript a line,
// as JSON, with page, context, expect… in sight; the answer is one line of JSON.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const DEADLINE_MS = 60_000;
const AsyncFunction = (async () => {}).constructor;

const options = JSON.parse(process.argv[2]);
const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    // Chromium's own sandbox does not work for root, which containers run as.
    args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});
const context = await browser.newContext({
    viewport: { width: 1360, height: 820 },
    locale: "en",
    acceptDownloads: true,
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
});
context.setDefaultTimeout(DEADLINE_MS);
const page = await context.newPage();

// What the page should not do: say something on the console, or ask elsewhere.
const complaints = [];
page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
page.on("console", (message) => {
    const isExpected = /Failed to load resource/.test(message.text());
    if (message.type() === "error" && !isExpected) complaints.push(message.text());
});
page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
});

// What axe finds that is serious: each as a line.
async function accessibilityFaults() {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message ?? ""}`));
}

const until = async (condition) => {
    const end = Date.now() + DEADLINE_MS;
    for (;;) {
        const value = await condition();
        if (value) return value;
        if (Date.now() > end) throw new Error(`not so after ${DEADLINE_MS} ms: ${condition}`);
        await page.waitForTimeout(30);
    }
};

const tools = { page, context, browser, complaints, accessibilityFaults, until };

for await (const line of createInterface({ input: process.stdin })) {
    const { code, values } = JSON.parse(line);
    let answer;
    try {
        const names = [...Object.keys(tools), ...Object.keys(values)];
        const run = new AsyncFunction(...names, code);
        answer = { value: (await run(...Object.values(tools), ...Object.values(values))) ?? null };
    } catch (error) {
        answer = { error: String(error.message) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
