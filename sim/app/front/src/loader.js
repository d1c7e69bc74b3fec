// Entry of the single-file page: unpack style and player and start it; the recording is the player's own affair.
import { unbase85 } from './base85.js';

const SORRY = 'This page is cut short or damaged, or this browser is too old (use one from 2023 or later). Make it again with mobilise replay.';
const unpack = (id) => new Response(new Blob([unbase85(document.getElementById(id).textContent.trim())]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
const add = (tag, text) => {
  const node = document.createElement(tag);
  node.textContent = text;
  document.body.append(node);
};
const sorry = () => { document.getElementById('app').textContent = SORRY; };
try {
  Promise.all(['style', 'player'].map(unpack)).then(([style, player]) => { add('style', style); add('script', player); }).catch(sorry);
} catch { sorry(); }
