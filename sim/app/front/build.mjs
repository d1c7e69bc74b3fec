// Bundle the player: node build.mjs writes ../built; the same sources give the same bytes.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
await build({
  absWorkingDir: here, entryPoints: { loader: 'src/loader.js', replay: 'src/replay.js', live: 'src/live.js', style: 'src/style.css' }, outdir: process.env.BUILT ?? '../built',
  bundle: true, minify: true, format: 'iife', target: ['es2022'], charset: 'utf8', legalComments: 'none', logLevel: 'warning',
});
