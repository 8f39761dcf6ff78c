// Bundle the figures: node build.mjs <folder> <metafile>. Called by `python -m autograder.figures`.

import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const three = join(here, "node_modules", "three", "src");

// What three brings for every scene and the explorer, with one shader of its own and neither
// lights, shadows, reflections nor a headset, never runs: 50 KB of its 145 KB, gzipped.
/** @type {Record<string, string>} */
const LEFT_OUT = {
  "shaders/ShaderChunk.js": "export const ShaderChunk = {};",
  "shaders/ShaderLib.js": "export const ShaderLib = {};",
  "webgl/WebGLEnvironments.js":
    "export class WebGLEnvironments { get() { return null; } dispose() {} }",
  "webgl/WebGLShadowMap.js": "export class WebGLShadowMap { enabled = false; render() {} }",
  "webxr/WebXRManager.js": `export class WebXRManager { enabled = false; isPresenting = false;
    getEnvironmentBlendMode() {} setAnimationLoop() {}
    addEventListener() {} removeEventListener() {} dispose() {} }`,
};

/** @type {import("esbuild").Plugin} */
const lighterThree = {
  name: "lighter-three",
  setup(build) {
    build.onResolve({ filter: /^three$/ }, () => ({ path: join(three, "Three.js"), sideEffects: false }));
    build.onLoad({ filter: /three[\\/]src[\\/]renderers[\\/].*\.js$/ }, ({ path }) => {
      const name = path.slice(join(three, "renderers").length + 1).replaceAll("\\", "/");
      return name in LEFT_OUT ? { contents: LEFT_OUT[name] } : undefined;
    });
  },
};

const [folder, metafile] = process.argv.slice(2);
const done = await build({
  absWorkingDir: here,
  entryPoints: ["live.mjs"],
  outdir: folder,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  metafile: true,
  legalComments: "none", // licences.txt has them all
  outExtension: { ".js": ".mjs" }, // Jupyter Book adds every .js to every page
  chunkNames: "[name]-[hash]",
  logLevel: "warning",
  plugins: [lighterThree],
}).catch(() => process.exit(1)); // esbuild has said what is wrong
writeFileSync(metafile, JSON.stringify(done.metafile));
