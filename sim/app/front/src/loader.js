// Entry of the single-file page: unpack the player and start it; the recording is the player's own affair.
import { unbase85 } from './base85.js';

const SORRY = 'This page is cut short or damaged, or this browser is too old (use one from 2023 or later). Make it again with mobilise replay.';
try {
  const stream = new Blob([unbase85(document.getElementById('player').textContent.trim())]).stream().pipeThrough(new DecompressionStream('gzip'));
  new Response(stream).text().then((text) => {
    const script = document.createElement('script');
    script.textContent = text;
    document.body.append(script);
  }).catch(() => { document.getElementById('app').textContent = SORRY; });
} catch { document.getElementById('app').textContent = SORRY; }
