// Runs the unit tests: each is bundled, then given to Node's own runner.
//
// usage: node test.mjs FOLDER        FOLDER is where the bundles go
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = path.resolve(process.argv[2] ?? path.join(here, "../build/page-tests"));
const tests = readdirSync(path.join(here, "test")).filter((name) => name.endsWith(".test.ts"));

await build({
    absWorkingDir: here,
    entryPoints: tests.map((name) => `test/${name}`),
    bundle: true,
    platform: "node",
    format: "esm",
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    jsx: "automatic",
    jsxImportSource: "preact",
    define: { PAGE_VERSION: '"0"' },
});
const bundles = tests.map((name) => path.join(folder, name.replace(/\.ts$/, ".mjs")));
process.exit(spawnSync(process.execPath, ["--test", ...bundles], { stdio: "inherit" }).status ?? 1);
