// Networks and matrices on canvas. Ties are batched by look, so that a frame costs a few dozen strokes.
import { S, say } from './strings.js';
import { el } from './dom.js';

export const LOOKS = [
  { colour: '--one', dash: [] }, { colour: '--two', dash: [7, 4] }, { colour: '--three', dash: [2, 3] }, { colour: '--four', dash: [9, 3, 2, 3] },
];
const SHAPES = ['circle', 'square', 'triangle', 'diamond', 'plus'];

// Policies have letters, because shapes already say what kind an organisation is.
export const LETTERS = ['A', 'B', 'C', 'D'];
export const badge = (k) => el('b', { class: `badge of${k}` }, LETTERS[k]);
export const nameOf = (run, k) => `${LETTERS[k]}: ${say(run.label)}`;
export const named = (run, k) => [badge(k), ' ', say(run.label)];

export const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
const letters = (big) => (big ? 0.88 : 0.81) * rem();

export function ink(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

// Fit a canvas to its box at the screen's density; return its context and size in page pixels.
export function fit(canvas) {
  const { clientWidth: w, clientHeight: h } = canvas, density = Math.min(2, window.devicePixelRatio || 1);
  if (canvas.width !== Math.round(w * density) || canvas.height !== Math.round(h * density)) {
    canvas.width = Math.round(w * density); canvas.height = Math.round(h * density);
  }
  const g = canvas.getContext('2d');
  g.setTransform(density, 0, 0, density, 0, 0);
  g.clearRect(0, 0, w, h);
  return { g, w, h };
}

export function frameOf(w, h, big) {
  const tall = h / 2.44, wide = Math.min(w / 2.5, 1.55 * tall), down = Math.min(tall, w / 2.5);
  return { wide, down, x: (v) => w / 2 + v * wide, y: (v) => h / 2 + v * down, size: Math.max(0.75, down / 190) * (big ? 1.25 : 1) };
}

export function drawNetwork(canvas, scene) {
  const { g, w, h } = fit(canvas), frame = frameOf(w, h, scene.big);
  ground(g, frame, scene);
  strokes(g, frame, scene);
  nodes(g, frame, scene);
  signs(g, frame, scene);
  return frame;
}

function ground(g, frame, { place }) {
  place.wedges.forEach((wedge, k) => {
    g.beginPath();
    g.ellipse(frame.x(0), frame.y(0), 1.2 * frame.wide, 1.2 * frame.down, 0, wedge.from, wedge.to);
    g.ellipse(frame.x(0), frame.y(0), 0.3 * frame.wide, 0.3 * frame.down, 0, wedge.to, wedge.from, true);
    g.fillStyle = ink(k % 2 ? '--wedge-b' : '--wedge-a');
    g.fill();
  });
}

// Names of sectors, last and on paper, so that no line runs through them.
function signs(g, frame, { place, big }) {
  if (frame.y(0) * 2 < 11 * letters(big)) return; // too small a picture: they would cover it
  g.font = `${letters(big)}px ${ink('--font')}`;
  g.textBaseline = 'middle'; g.textAlign = 'center'; g.lineJoin = 'round';
  g.lineWidth = 3; g.strokeStyle = ink('--wedge-a'); g.fillStyle = ink('--muted');
  place.wedges.forEach((wedge) => {
    const middle = (wedge.from + wedge.to) / 2, cos = Math.cos(middle);
    const half = g.measureText(S.sectorN(wedge.sector + 1)).width / 2, outward = Math.abs(cos) < 0.3 ? 0 : Math.sign(cos) * half;
    const x = Math.min(Math.max(frame.x(1.21 * cos) + outward, 4 + half), frame.x(0) * 2 - 4 - half);
    g.strokeText(S.sectorN(wedge.sector + 1), x, frame.y(1.12 * Math.sin(middle)));
    g.fillText(S.sectorN(wedge.sector + 1), x, frame.y(1.12 * Math.sin(middle)));
  });
}

// scene.ties: list with tone ('--one' …), and sides; scene.chosen dims what is not its own.
function strokes(g, frame, scene) {
  const groups = new Map();
  for (const tie of scene.ties) {
    const own = scene.chosen < 0 || tie.a === scene.chosen || tie.b === scene.chosen;
    const width = 1 + Math.min(2, Math.floor(tie.age / 6)), strength = own ? 1 + Math.min(2, Math.floor(tie.trust * 3.2)) : 0;
    const id = `${tie.tone}|${width}|${strength}|${tie.working ? 1 : 0}|${own && scene.chosen >= 0 ? 1 : 0}`;
    if (!groups.has(id)) groups.set(id, { tone: tie.tone, width, strength, working: tie.working, own: own && scene.chosen >= 0, list: [] });
    groups.get(id).list.push(tie);
  }
  const order = [...groups.values()].sort((a, b) => a.own - b.own || a.strength - b.strength || a.working - b.working);
  g.lineCap = 'round';
  for (const group of order) {
    g.beginPath();
    for (const { a, b } of group.list) curve(g, frame, scene.place, a, b);
    g.strokeStyle = ink(group.tone);
    g.globalAlpha = [0.07, 0.3, 0.52, 0.85][group.strength] * (group.tone === '--shared' && !group.own ? 0.8 : 1);
    g.lineWidth = (0.55 + 0.65 * group.width) * frame.size * (group.own ? 1.5 : 1);
    // Alone, dashes mean memory; in the difference view they mean the second policy, dots both: legible in grey.
    const dash = scene.dashed ? { [scene.dashed]: [9, 4], '--shared': [1, 4] }[group.tone] ?? [] : group.working ? [] : [3, 4];
    g.setLineDash(dash.map((length) => length * frame.size));
    g.stroke();
  }
  g.globalAlpha = 1;
  g.setLineDash([]);
}

function curve(g, frame, { x, y }, a, b) {
  const far = Math.hypot(x[a] - x[b], y[a] - y[b]), pull = far > 0.5 ? 0.62 : 1;
  g.moveTo(frame.x(x[a]), frame.y(y[a]));
  g.quadraticCurveTo(frame.x(((x[a] + x[b]) / 2) * pull), frame.y(((y[a] + y[b]) / 2) * pull), frame.x(x[b]), frame.y(y[b]));
}

function nodes(g, frame, scene) {
  const { place, kinds, there, partners, chosen, focus } = scene, paper = ink('--paper'), firm = ink('--firm'), hub = ink('--ink');
  const dense = place.x.length > 1500 ? 0.55 : place.x.length > 500 ? 0.8 : 1;
  const friends = new Set();
  if (chosen >= 0) for (const { a, b } of scene.ties) { if (a === chosen) friends.add(b); if (b === chosen) friends.add(a); }
  for (let i = 0; i < place.x.length; i++) {
    if (!there(i)) continue;
    const isHub = kinds[i] === 1, r = (isHub ? 5.6 : (2.5 + 0.75 * Math.sqrt(partners.get(i) ?? 0)) * dense) * frame.size;
    g.globalAlpha = chosen < 0 || i === chosen || friends.has(i) ? 1 : 0.3;
    shape(g, SHAPES[kinds[i]] ?? 'circle', frame.x(place.x[i]), frame.y(place.y[i]), r);
    g.fillStyle = isHub ? hub : firm;
    g.fill();
    g.lineWidth = 0.9 * frame.size;
    g.strokeStyle = paper;
    g.stroke();
  }
  g.globalAlpha = 1;
  for (const [i, tone] of [[focus, '--muted'], [chosen, '--accent']]) {
    if (i < 0 || i === undefined) continue;
    g.beginPath();
    g.arc(frame.x(place.x[i]), frame.y(place.y[i]), 10 * frame.size, 0, 7);
    g.lineWidth = 2.6;
    g.strokeStyle = ink(tone);
    g.setLineDash(there(i) ? [] : [3, 3]);
    g.stroke();
    g.setLineDash([]);
  }
}

export function shape(g, kind, x, y, r) {
  g.beginPath();
  if (kind === 'circle') g.arc(x, y, r, 0, 7);
  else if (kind === 'square') g.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else if (kind === 'triangle') { g.moveTo(x, y - r * 1.25); g.lineTo(x + r * 1.15, y + r * 0.85); g.lineTo(x - r * 1.15, y + r * 0.85); } else if (kind === 'diamond') { g.moveTo(x, y - r * 1.4); g.lineTo(x + r * 1.2, y); g.lineTo(x, y + r * 1.4); g.lineTo(x - r * 1.2, y); } else { const s = r * 0.45, l = r * 1.3; g.moveTo(x - s, y - l); for (const [px, py] of [[s, -l], [s, -s], [l, -s], [l, s], [s, s], [s, l], [-s, l], [-s, s], [-l, s], [-l, -s], [-s, -s]]) g.lineTo(x + px, y + py); }
  g.closePath();
}

const mix = (from, to, share) => from.map((v, k) => Math.round(v + (to[k] - v) * share));
const hex = (text) => [1, 3, 5].map((k) => parseInt(text.slice(k, k + 2), 16));
const light = (rgb) => rgb.reduce((sum, v, k) => sum + [0.2126, 0.7152, 0.0722][k] * (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4), 0);

// Of two inks the one that stands out more on a ground (WCAG's contrast).
export function legible(ground, inks) {
  const contrast = (one) => { const [high, low] = [light(hex(one)), light(ground)].sort((a, b) => b - a); return (high + 0.05) / (low + 0.05); };
  return inks.reduce((best, one) => (contrast(one) > contrast(best) ? one : best));
}

// A matrix of ties between sectors; of two tones: a difference, from the second one's colour to the first's.
export function drawMatrix(canvas, cells, top, [tone, against], big) {
  const { g, w, h } = fit(canvas), n = cells.length, font = letters(big), family = ink('--font'), paper = hex(ink('--cell')), inks = [ink('--ink'), ink('--on-tone')], muted = ink('--muted'), [more, less] = [tone, against ?? tone].map((name) => hex(ink(name)));
  g.textAlign = 'center'; g.textBaseline = 'middle'; g.font = `${font}px ${family}`;
  const margin = g.measureText(S.sector).width + 14, down = (h - 2.8 * font) / n, across = Math.min((w - 2 * margin) / n, 3.4 * down);
  const left = (w - n * across) / 2, above = 1.9 * font, label = (value) => `${!against ? '' : value > 0 ? '+' : '−'}${Math.abs(value).toLocaleString('en')}`;
  const longest = Math.max(2, ...cells.flat().map((value) => label(value).length)), size = Math.min(font, down * 0.66, across / (0.64 * longest));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const value = cells[i][j], share = Math.min(1, Math.sqrt(Math.abs(value) / Math.max(1, top)));
      const ground = mix(paper, value <= 0 ? less : more, share);
      g.fillStyle = `rgb(${ground})`;
      g.fillRect(left + j * across + 0.7, above + i * down + 0.7, across - 1.4, down - 1.4);
      if (size > 9 && value) {
        g.fillStyle = legible(ground, inks);
        g.font = `${size}px ${family}`;
        g.fillText(label(value), left + (j + 0.5) * across, above + (i + 0.5) * down);
      }
    }
    g.fillStyle = muted;
    g.font = `${Math.min(font, down)}px ${family}`;
    g.fillText(i + 1, left + (i + 0.5) * across, above - 0.8 * font);
    g.fillText(i + 1, left - font, above + (i + 0.5) * down);
  }
  g.textAlign = 'right'; g.font = `${font}px ${family}`;
  g.fillText(S.sector, left - 6, above - 0.8 * font);
}

// The strip of all paired worlds: a dot for each difference, the ring is the one on screen.
export function drawStrip(canvas, worlds) {
  const { g, w, h } = fit(canvas), all = [...worlds.gaps, 0], low = Math.min(...all), high = Math.max(...all), span = high - low || 1;
  const x = (v) => 10 + ((v - low) / span) * (w - 20);
  g.strokeStyle = ink('--muted');
  g.lineWidth = 1;
  g.beginPath(); g.moveTo(x(0), 3); g.lineTo(x(0), h - 3); g.stroke();
  worlds.gaps.forEach((gap, k) => {
    g.globalAlpha = 0.55;
    g.fillStyle = ink(gap >= 0 ? '--one' : '--two');
    shape(g, gap >= 0 ? 'circle' : 'square', x(gap), h / 2 + (((k * 3) % 5) - 2) * (h / 9), 3.4);
    g.fill();
  });
  g.globalAlpha = 1;
  const here = worlds.gaps[worlds.here];
  g.lineWidth = 2.6; g.strokeStyle = ink('--accent');
  g.beginPath(); g.arc(x(here), h / 2 + (((worlds.here * 3) % 5) - 2) * (h / 9), 7, 0, 7); g.stroke();
}
