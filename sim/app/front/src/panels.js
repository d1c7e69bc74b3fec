// The drawer: story, organisations, levers, legend, lesson. Each returns fresh nodes for its tab.
import { S, capital, plain, say, signed } from './strings.js';
import { FOREVER, filtered, lives, partnersNow, sectorMatrix } from './state.js';
import { LETTERS, LOOKS, badge, nameOf, named } from './draw.js';
import { differenceOf, values } from './charts.js';
import { el, svg } from './dom.js';
import { sentences, story } from './story.js';

// How many partners an organisation has under each policy.
const partners = (counts, org) => [el('span', {}, counts.map((count, k) => [' ', badge(k), ` ${count.get(org) ?? 0}`]), el('span', { class: 'hidden' }, ` ${S.partners}`))];

export function whoIs(world, org) {
  const { kind, sector, cluster } = world.organisations, name = capital(S.legend[world.words.kinds[kind[org]]] ?? say(world.words.kinds[kind[org]]));
  return cluster[org] < 0 ? S.whoAlone(name, sector[org] + 1) : S.who(name, sector[org] + 1, cluster[org] + 1);
}

export function storyPanel(player) {
  const { world, chosen } = player;
  const picker = pickOne(player);
  if (chosen < 0) return [el('p', { class: 'hint' }, S.pick), picker, busiest(player)];
  const blocks = world.runs.map((run, k) => runStory(player, run, k));
  const born = world.bornIn[chosen] > 0 ? `, ${S.bornIn(world.bornIn[chosen])}` : '';
  return [el('h3', {}, S.organisation(chosen)), el('p', { class: 'hint' }, whoIs(world, chosen) + born), ...blocks, picker];
}

function pickOne(player) {
  const input = el('input', { type: 'number', min: 0, max: player.world.count - 1, id: 'pick', value: player.chosen < 0 ? '' : player.chosen });
  const go = (event) => { event.preventDefault(); if (input.value !== '') player.choose(Math.min(player.world.count - 1, Math.max(0, Number(input.value)))); };
  return el('form', { class: 'pick', onsubmit: go }, el('label', { for: 'pick' }, S.pickNumber), input, el('button', { type: 'submit' }, S.show));
}

function runStory(player, run, k) {
  const { world, chosen, t } = player;
  if (run.absent.has(chosen)) return el('section', {}, el('h4', { class: `tone${k}` }, named(run, k)), el('p', { class: 'hint' }, S.notThere));
  const lines = story(world, run, chosen).filter((line) => !world.lesson || line.from <= t), closed = run.gone[chosen] < FOREVER ? el('p', { class: 'hint' }, S.diedIn(run.gone[chosen])) : null;
  const items = lines.filter((line) => line.from <= t).reverse().map((line) => el('li', { class: line.ended && line.to <= t ? (line.won ? 'won' : 'over') : 'running' }, el('b', {}, line.from < 1 ? S.before : S.fromTo(line.from, line.ended && line.to <= t ? line.to : 0)), ' ', sentences(world, line.ended && line.to > t ? { ...line, ended: false, renewed: false } : line).join('; '), `. ${S.see} `, line.others.filter(({ org }, i, all) => all.findIndex((one) => one.org === org) === i).slice(0, 8).map((seat) => [el('button', { class: 'link', 'aria-label': S.organisation(seat.org), onclick: () => player.choose(seat.org) }, `${seat.org}`), ' ']).flat()));
  return el('section', {}, el('h4', { class: `tone${k}` }, named(run, k)), closed, lines.length ? lifelines(player, run, k, lines) : el('p', { class: 'hint' }, S.nothing), el('ol', { class: 'lives' }, items));
}

function lifelines(player, run, k, lines) {
  const { world, t } = player, w = 300, row = 9, h = Math.max(20, lines.length * row + 8), x = (q) => 4 + (Math.max(0, Math.min(q, world.quarters)) / world.quarters) * (w - 8);
  const marks = lines.map((line, i) => {
    const y = 7 + i * row, from = x(line.from), to = Math.max(from + 3, x(world.lesson ? Math.min(t, line.to) : line.ended ? line.to : world.quarters)), part = [svg('line', { x1: from, x2: to, y1: y, y2: y, class: `life tone${k}${line.led ? ' led' : ''}`, 'stroke-dasharray': LOOKS[k].dash.join(' ') || 'none', opacity: line.from > t ? 0.25 : 1 })];
    if (line.ended && line.to <= t) part.push(line.won ? svg('circle', { cx: to, cy: y, r: 3.6, class: `end won tone${k}` }) : svg('path', { d: `M${to - 3} ${y - 3}l6 6m0 -6l-6 6`, class: 'end lost' }));
    return part;
  });
  const drawn = svg('svg', { viewBox: `0 0 ${w} ${h}`, class: 'lifelines', role: 'img', 'aria-label': S.lifelines(say(run.label)) }, svg('line', { x1: x(t), x2: x(t), y1: 0, y2: h, class: 'now' }), ...marks);
  drawn.style.maxHeight = `${h * 1.3}px`;
  return drawn;
}

function busiest(player) {
  const { world, t } = player, counts = world.runs.map((run) => partnersNow(player.tiesOf(run, t))), total = new Map();
  for (const count of counts) for (const [org, n] of count) total.set(org, (total.get(org) ?? 0) + n);
  const top = [...total].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 12);
  const rows = top.map(([org]) => el('li', {}, el('button', { class: 'link', onclick: () => player.choose(org) }, S.organisation(org)), partners(counts, org)));
  return el('div', {}, el('h3', { class: 'minor' }, S.busiest), el('ul', { class: 'plain' }, rows));
}

export function listPanel(player) {
  const { world, t } = player, page = player.listFrom ?? 0, size = 60, counts = world.runs.map((run) => partnersNow(player.tiesOf(run, t)));
  const living = Array.from({ length: world.count }, (_, i) => i).filter((i) => world.runs.some((run) => lives(world, run, i, t)));
  const rows = living.slice(page, page + size).map((org) => el('li', {}, el('button', { class: 'link', onclick: () => player.choose(org, true) }, S.organisation(org)), ` ${whoIs(world, org)};`, partners(counts, org)));
  const turn = (by) => el('button', { disabled: by < 0 ? page === 0 : page + size >= living.length, onclick: () => { player.listFrom = page + by; player.showPanel(); } }, el('span', { 'aria-hidden': 'true' }, by < 0 ? '‹' : '›'), el('span', { class: 'hidden' }, by < 0 ? S.pageBack : S.pageOn));
  return [filters(player), numbers(player), bySector(player), el('p', { class: 'hint' }, S.pageOf(page + 1, Math.min(page + size, living.length), living.length)), el('ul', { class: 'plain' }, rows), el('p', {}, turn(-size), turn(size))];
}

// What the two charts show, as a table; in a lesson no further than the film has been.
function numbers({ world, charts, t }) {
  const lines = world.runs.map((run) => values(run, charts.name)), gap = world.runs.length > 1 ? differenceOf(...charts.pair.map((k) => world.runs[k]), charts.name) : null;
  const heads = [S.chartQuarter, ...LETTERS.slice(0, lines.length), gap && charts.pair.map((k) => LETTERS[k]).join(' − ')].filter(Boolean);
  const row = (q) => el('tr', {}, el('th', { scope: 'row' }, q), lines.map((line) => el('td', {}, plain(line[q]))), gap && el('td', {}, signed(gap[q])));
  const last = world.lesson ? t : world.quarters, rows = Array.from({ length: last + 1 }, (_, q) => row(q));
  return folded('numbers', S.numbers(S.chartOf[charts.name]), charts.unit, heads, rows);
}

// Ties between each two sectors, as the matrix shows them.
function bySector(player) {
  const { world, t, filter } = player, cells = world.runs.map((run) => sectorMatrix(world, filtered(world, player.tiesOf(run, t), filter))), rows = [];
  cells[0].forEach((_, i) => cells[0].forEach((__, j) => {
    if (j >= i && cells.some((one) => one[i][j])) rows.push(el('tr', {}, el('th', { scope: 'row' }, S.between(i + 1, j + 1)), cells.map((one) => el('td', {}, one[i][j].toLocaleString('en')))));
  }));
  return folded('sectors', S.bySector, S.tieUnit, [S.sector, ...LETTERS.slice(0, cells.length)], rows);
}

function folded(id, title, caption, heads, rows) {
  return el('details', { class: 'numbers' }, el('summary', { id }, title), el('table', { class: 'levers' }, el('caption', {}, caption), el('thead', {}, el('tr', {}, heads.map((head) => el('th', { scope: 'col' }, head)))), el('tbody', {}, rows)));
}

export function filters(player) {
  const { world, filter } = player, sectors = Math.max(...world.organisations.sector) + 1, set = (name, value) => player.setFilter({ [name]: value });
  const option = (value, text, current) => el('option', { value, selected: String(value) === String(current) }, text);
  return el('fieldset', { class: 'filters' }, el('legend', {}, S.filters),
    el('label', {}, S.sector, el('select', { id: 'filter', onchange: (e) => set('sector', Number(e.target.value)) }, option(-1, S.allSectors, filter.sector), Array.from({ length: sectors }, (_, k) => option(k, S.sectorN(k + 1), filter.sector)))),
    el('label', {}, S.tiesShown, el('select', { onchange: (e) => set('ties', e.target.value) }, Object.entries(S.tieKinds).map(([key, text]) => option(key, text, filter.ties)))),
    el('label', {}, S.minTrust, el('input', { type: 'range', min: 0, max: 1, step: 0.125, value: filter.trust, oninput: (e) => set('trust', Number(e.target.value)) })),
    el('button', { onclick: () => player.setFilter({ sector: -1, ties: 'all', trust: 0 }, true) }, S.clear));
}

export function leversPanel(player) {
  const { world } = player, rows = (world.levers ?? []).map(({ key, meaning, values }) => el('div', { class: new Set(values).size > 1 ? 'lever differs' : 'lever' }, el('dt', {}, capital(say(key)), el('span', { class: 'meaning' }, meaning)), values.map((value, k) => el('dd', { class: `tone${k}` }, badge(k), ` ${value}`))));
  const texts = world.runs.map((run, k) => el('p', {}, el('b', { class: `tone${k}` }, named(run, k)), `: ${run.text}`));
  return [player.live?.controls(player), ...texts, el('p', { class: 'hint' }, S.leverIntro), el('dl', { class: 'leverlist' }, rows)];
}

export function legendPanel(player) {
  const glyphs = { sme: '●', cluster_organisation: '■', research: '▲', large: '◆', public: '✚' }, used = new Set(player.world.organisations.kind.map((k) => player.world.words.kinds[k]));
  const kinds = Object.entries(glyphs).filter(([name]) => used.has(name)).map(([name, glyph]) => el('li', {}, el('span', { class: 'glyph' }, glyph), S.legend[name]));
  const { runs } = player.world, { pair } = player.charts, single = player.view === 'difference', shown = (single ? pair : runs.map((_, k) => k)).filter((k) => runs[k]), two = pair.map((k) => LETTERS[k]);
  const tones = [...shown.map((k) => el('li', {}, el('span', { class: `swatch ${single && k === pair[1] ? 'dashes' : 'solid'} tone${k}` }), single || k < 2 && runs.length > 1 ? S.onlyIn(nameOf(runs[k], k)) : nameOf(runs[k], k))), runs.length > 1 && el('li', {}, el('span', { class: `swatch ${single ? 'dots' : 'solid'} shared` }), S.shared)];
  const ties = single ? [S.legend.inDifference(...two)] : [S.legend.work, S.legend.memory], cells = [S.legend.matrix, ...(single ? [S.legend.inMatrix(...two)] : [])];
  const list = (items) => el('ul', { class: 'plain' }, items.map((text) => el('li', {}, text)));
  const networks = [el('h3', { class: 'minor' }, S.legend.kinds), el('ul', { class: 'plain' }, kinds), el('p', { class: 'hint' }, S.legend.places), el('h3', { class: 'minor' }, S.legend.ties), el('ul', { class: 'plain' }, tones), list([...ties, S.legend.thick, S.legend.strong])];
  const lives = [el('h3', { class: 'minor' }, S.legend.lines), list([S.legend.ring, S.legend.cross, S.legend.led, ...(player.world.lesson ? [] : [S.legend.pale])])];
  const ticks = new Set([...(player.world.marks ?? []).map(({ kind }) => kind), ...runs.filter((run) => run.branch).map(() => 'branch')]), events = ticks.size ? [el('h3', { class: 'minor' }, S.legend.events), list([...ticks].map((kind) => S.legend[kind] ?? kind))] : [];
  return [...(player.frame ? networks : [el('h3', { class: 'minor' }, S.matrix), list(cells)]), ...events, ...lives, el('h3', { class: 'minor' }, S.legend.keys), el('dl', { class: 'keys' }, S.legend.keyList.flatMap(([key, text]) => [el('dt', {}, key), el('dd', {}, text)]))];
}

export function lessonPanel(player) {
  const { lesson } = player.world, state = player.lesson, step = lesson.steps[state.step], n = lesson.steps.length;
  const parts = [el('h3', {}, lesson.title), el('p', { class: 'hint' }, `${S.lesson.step(state.step + 1, n)}: ${S.lesson[step.kind]}`), ...step.text.split('\n\n').map((text) => el('p', {}, text))];
  if (step.kind === 'predict') parts.push(...choices(player, step, state));
  if (step.kind === 'reveal') parts.push(...revealed(lesson, step, state));
  const ready = step.kind !== 'predict' || state.guesses[step.id] !== undefined;
  parts.push(el('p', { class: 'row' }, el('button', { 'aria-label': S.lesson.back, disabled: state.step === 0, onclick: () => player.lessonStep(-1) }, '‹'), state.step < n - 1 && el('button', { class: 'main', id: 'lesson-next', disabled: !ready, onclick: () => player.lessonStep(1) }, S.lesson.next)), !ready && el('p', { class: 'hint' }, S.lesson.locked));
  return parts;
}

function choices(player, step, state) {
  return [el('fieldset', { class: 'choices' }, el('legend', {}, step.question), step.choices.map((text, k) => el('label', {}, el('input', { type: 'radio', name: step.id, value: String(k), checked: state.guesses[step.id] === k, onchange: () => { state.guesses[step.id] = k; player.showPanel(`input[value="${k}"]`); } }), text)))];
}

function revealed(lesson, step, state) {
  const asked = lesson.steps.find((one) => one.id === step.of), guess = state.guesses[step.of];
  const verdict = guess === undefined ? null : el('p', { class: guess === step.answer ? 'right' : 'wrong' }, `${guess === step.answer ? S.lesson.right : S.lesson.wrong}: ${asked.choices[guess]}`);
  return [verdict, el('p', { class: 'reveal' }, `${S.lesson.answer}: ${asked.choices[step.answer]}`), step.numbers && el('table', { class: 'levers' }, el('tbody', {}, step.numbers.map(([what, ...cells]) => el('tr', {}, el('th', { scope: 'row' }, what), cells.map((cell) => el('td', {}, typeof cell === 'number' ? signed(cell) : cell))))))];
}
