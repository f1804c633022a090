// Builds ../static/nourx from the sources of this folder. The same sources give the same bytes,
// and build.json keeps their hashes so that a test sees a stale build without Node.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../static/nourx");
const modules = join(here, "node_modules");
const BUDGET_GZIP = {
  "portal.css": 15_000,
  "work.css": 6_000,
  "htmx-nourx.js": 14_000,
  "nourx.js": 14_000,
  "proofs.js": 9_000,
  "admin.js": 14_000,
};

function read(...parts) {
  return readFileSync(join(...parts), "utf8");
}

function buildStyles() {
  const tailwind = join(modules, "@tailwindcss/cli/dist/index.mjs");
  for (const name of ["portal.css", "work.css"]) {
    const args = [tailwind, "-i", join(here, "css", name), "-o", join(out, name), "--minify"];
    execFileSync(process.execPath, args, { cwd: here, stdio: ["ignore", "ignore", "inherit"] });
  }
  buildSync({
    entryPoints: [join(here, "css/admin.css")],
    outfile: join(out, "admin.css"),
    minify: true,
    external: ["*.woff2"],
    bundle: true,
    logLevel: "warning",
  });
}

function buildScripts() {
  const banner = `/* htmx ${version("htmx.org")}, Zero-Clause BSD */\n`;
  const htmx = read(modules, "htmx.org/dist/htmx.min.js");
  const code = htmx.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "");
  writeFileSync(join(out, "htmx-nourx.js"), `${banner}${code}\n`);
  copyFileSync(join(modules, "sortablejs/Sortable.min.js"), join(out, "sortable.js"));
  buildSync({
    entryPoints: ["js/nourx.js", "js/proofs.js", "js/admin/admin.js"].map((name) => join(here, name)),
    entryNames: "[name]",
    outdir: out,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome111", "safari16.4", "firefox128"],
    charset: "utf8",
    logLevel: "warning",
  });
}

function version(name) {
  return JSON.parse(read(modules, name, "package.json")).version;
}

function copyStatic() {
  for (const name of readdirSync(join(here, "files"))) {
    copyFileSync(join(here, "files", name), join(out, name));
  }
}

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules" && !name.startsWith("."))
    .flatMap((entry) =>
      entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)],
    );
}

function hashes(root, skip = []) {
  const names = filesUnder(root).map((path) => relative(root, path).replaceAll("\\", "/"));
  const kept = names.filter((name) => !skip.includes(name)).sort();
  return Object.fromEntries(
    kept.map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(root, name)))
        .digest("hex"),
    ]),
  );
}

function checkBudgets() {
  for (const [name, limit] of Object.entries(BUDGET_GZIP)) {
    const size = gzipSync(readFileSync(join(out, name)), { level: 9 }).length;
    console.log(`${name}: ${size} bytes gzip, budget ${limit}`);
    if (size > limit) process.exitCode = 1;
  }
}

mkdirSync(out, { recursive: true });
buildStyles();
buildScripts();
copyStatic();
const manifest = { sources: hashes(here), outputs: hashes(out, ["build.json"]) };
writeFileSync(join(out, "build.json"), `${JSON.stringify(manifest, null, 2)}\n`);
checkBudgets();
