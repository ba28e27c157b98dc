// Bundles the front end into webapp/static/built/: content-hashed names, and a manifest that maps "item.js" to its file.
// Run by webapp/assets_build.py; by hand: node build.mjs OUTPUT-FOLDER
import { build } from "esbuild";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const here = fileURLToPath(new URL(".", import.meta.url));
const output = resolve(process.argv[2] ?? join(here, "..", "static", "built"));

// Every browser that runs this page's modules reads woff2; KaTeX's two older formats would only weigh the folder down.
const woff2Only = {
  name: "woff2-only",
  setup(builder) {
    builder.onLoad({ filter: /katex\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)/g, ""),
      loader: "css",
    }));
  },
};

await mkdir(output, { recursive: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: ["js/app.js", "js/item.js", "js/teach.js", "js/viewing.js", "css/app.css", "css/maths.css", "css/teach.css"],
  outdir: output,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome105", "firefox110", "safari16"],
  minify: true,
  sourcemap: false,
  legalComments: "linked",
  charset: "utf8",
  loader: { ".woff2": "file" },
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "fonts/[name]-[hash]",
  metafile: true,
  plugins: [woff2Only],
  logLevel: "warning",
});

const manifest = {};
const kept = new Set(["manifest.json", "stamp"]);
for (const [file, meta] of Object.entries(result.metafile.outputs)) {
  const name = resolve(here, file).slice(output.length + 1);
  kept.add(name);
  if (meta.entryPoint) manifest[basename(meta.entryPoint)] = name;
  if (/\.(js|css)$/.test(name)) {
    const text = await readFile(join(output, name));
    await writeFile(join(output, `${name}.gz`), gzipSync(text, { level: 9 }));
    await writeFile(join(output, `${name}.br`), brotliCompressSync(text));
    kept.add(`${name}.gz`).add(`${name}.br`);
  }
}
// A page must never read a manifest that names a file not yet written, so it comes last and in one step.
await writeFile(join(output, "manifest.json.new"), JSON.stringify(manifest, null, 1) + "\n");
await rename(join(output, "manifest.json.new"), join(output, "manifest.json"));

for (const entry of await readdir(output, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  if (entry.isFile() && !kept.has(path.slice(output.length + 1))) await rm(path);
}
