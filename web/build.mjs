// The build step: bundles the page and writes it as C arrays.
//
// usage: node build.mjs --version VERSION --c FILE.c   what CMake runs
//        node build.mjs --version VERSION --sizes      prints what each part takes, gzipped
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import zopfli from "@gfx/zopfli";
import { build } from "esbuild";
import { minify } from "terser";

const here = path.dirname(fileURLToPath(import.meta.url));

async function bundle(version) {
    const result = await build({
        absWorkingDir: here,
        entryPoints: { page: "src/main.tsx" },
        bundle: true,
        minify: true,
        write: false,
        charset: "utf8",
        format: "iife",
        target: "es2021",
        legalComments: "none",
        outdir: "out",
        jsx: "automatic",
        jsxImportSource: "preact",
        define: { PAGE_VERSION: JSON.stringify(version) },
    });
    const text = (ending) => result.outputFiles.find((file) => file.path.endsWith(ending)).text;
    const script = await minify(text(".js"), {
        ecma: 2020,
        compress: { passes: 3 },
        format: { ascii_only: false, comments: false },
    });
    return { script: script.code, style: text(".css") };
}

async function pageFiles(version) {
    const { script, style } = await bundle(version);
    const html = (await readFile(path.join(here, "src/index.html"), "utf8")).replace(/\n\s*/g, "\n");
    const files = [
        { path: "/", type: "text/html; charset=utf-8", text: html },
        { path: "/page.js", type: "text/javascript; charset=utf-8", text: script },
        { path: "/page.css", type: "text/css; charset=utf-8", text: style },
    ];
    for (const file of files) {
        file.gzip = await zopfli.gzipAsync(Buffer.from(file.text), { numiterations: 15 });
        file.etag = createHash("sha256").update(file.text).digest("hex").slice(0, 16);
    }
    return files;
}

function cSource(files) {
    const arrays = files.map(({ gzip }, i) => {
        const lines = [];
        for (let at = 0; at < gzip.length; at += 24)
            lines.push(Array.from(gzip.subarray(at, at + 24)).join(","));
        return `static const unsigned char file_${i}[] = {\n${lines.join(",\n")}};\n`;
    });
    const rows = files.map(
        ({ path, type, etag }, i) =>
            `    {"${path}", "${type}", "\\"${etag}\\"", file_${i}, sizeof file_${i}},\n`,
    );
    return (
        "/* Made by web/build.mjs. */\n" +
        '#include "imqttd/control/page.h"\n\n' +
        arrays.join("\n") +
        `\nconst struct page_file page_files[PAGE_FILES] = {\n${rows.join("")}};\n`
    );
}

const { values } = parseArgs({
    options: { version: { type: "string" }, c: { type: "string" }, sizes: { type: "boolean" } },
});
const files = await pageFiles(values.version ?? "0");
if (values.c) await writeFile(values.c, cSource(files));
if (values.sizes) {
    for (const { path, gzip } of files) console.log(`${path} ${gzip.length}`);
    console.log(`all ${files.reduce((sum, { gzip }) => sum + gzip.length, 0)}`);
}
