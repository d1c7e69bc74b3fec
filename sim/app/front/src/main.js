// Where the page begins: find the recording, play it, or say in one sentence why not.
import { S } from './strings.js';
import { Unplayable, check, unpack } from './recording.js';
import { Player } from './player.js';
import { fingerprint, open } from './state.js';
import { el } from './dom.js';

export function refuse(root, problem) {
  const text = problem instanceof Unplayable ? problem.message : S.errors.other;
  if (!(problem instanceof Unplayable)) console.error(problem);
  root.replaceChildren(el('main', { class: 'refused', role: 'alert' }, el('h1', {}, 'mobilise'), el('p', {}, text)));
}

export async function begin(root, text) {
  try {
    window.player = new Player(root, await unpack(text));
  } catch (problem) { refuse(root, problem); }
}

export { Player, Unplayable, check, fingerprint, open, unpack };
