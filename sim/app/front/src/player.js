// The player: one clock, several pictures. All that is shown follows from (recording, quarter, choices).
import { S, capital, say, signed } from './strings.js';
import { divide, filtered, inAll, lives, open, partnersNow, sectorMatrix, tiesAt } from './state.js';
import { layout, nearest, neighbour } from './layout.js';
import { LETTERS, LOOKS, badge, drawMatrix, drawNetwork, drawStrip, fit, named } from './draw.js';
import { Charts } from './charts.js';
import { el, icon } from './dom.js';
import { legendPanel, lessonPanel, leversPanel, listPanel, storyPanel, whoIs } from './panels.js';

const TOO_MANY = 1000, SPEEDS = [0.5, 1, 2, 4, 8], PANELS = { story: storyPanel, list: listPanel, levers: leversPanel, legend: legendPanel, lesson: lessonPanel };

const ALL = { sector: -1, ties: 'all', trust: 0 }, FEW = 4; // of fewer worlds none is good, bad or average

export class Player {
  constructor(root, recording, live = null) {
    this.sizes = new ResizeObserver(() => this.resized());
    this.root = root; this.live = live; this.t = 0; this.speed = 1; this.chosen = -1; this.view = 'sides'; this.tab = recording.lesson ? 'lesson' : 'story';
    this.filter = { ...ALL };
    this.lesson = { step: 0, guesses: {} };
    this.load(recording);
    this.keys = (event) => this.onKey(event);
    document.addEventListener('keydown', this.keys);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.restyle());
  }

  load(recording) {
    this.stop();
    this.world = open(recording); this.place = layout(this.world); this.memo = new Map();
    this.build();
    this.seek(Math.min(this.t, this.world.quarters));
  }

  // --- building ------------------------------------------------------------------------------

  build() {
    const { world } = this, shown = world.runs.length, place = document.activeElement?.id;
    document.title = world.question || S.title;
    this.canvases = world.runs.map((_, k) => el('canvas', { tabindex: '0', role: 'application', id: `net${k}`, 'aria-describedby': 'canvas-help', onclick: (e) => this.onClick(e, k), onmousemove: (e) => this.onHover(e, k), onmouseleave: () => { this.tip.hidden = true; }, onkeydown: (e) => this.onCanvasKey(e) }));
    this.counts = world.runs.map(() => el('span', { class: 'count' }));
    this.headed = null;
    this.heads = world.runs.map((_, k) => el('h2', { class: `tone${k}` }));
    this.panes = world.runs.map((_, k) => el('figure', { class: 'pane' }, el('figcaption', {}, this.heads[k], this.counts[k]), this.canvases[k]));
    this.charts?.plots.forEach((plot) => plot.destroy());
    const boxes = [0, 1].map(() => el('div', { class: 'plot', role: 'img' }));
    this.charts = new Charts(boxes, world, (t) => this.seek(t), this.most());
    this.chartUnit = el('span');
    this.chartNow = world.runs.map(() => el('span'));
    this.chartTitle = el('span', { class: 'now' }, this.chartNow.map((now, k) => [badge(k), now]));
    this.tip = el('div', { class: 'tip', hidden: true });
    this.said = el('p', { class: 'hidden', role: 'status', 'aria-live': 'polite' });
    this.noteText = el('span');
    this.noteButton = el('button', { class: 'link', onclick: () => (this.filters.length ? this.setFilter({ ...ALL }, true) : this.ask('list', '#filter')) });
    this.note = el('p', { class: 'note', hidden: true }, this.noteText, ' ', this.noteButton);
    this.panelBox = el('div', { class: 'panel', role: 'tabpanel', id: 'panel', tabindex: '0', 'aria-labelledby': `tab-${this.tab}` });
    this.stage = el('div', { class: `stage of${shown}` }, this.panes);
    const label = (...parts) => el('p', { class: 'charthead' }, parts);
    this.root.replaceChildren(this.header(), el('main', { class: 'body' }, el('div', { class: 'left' }, el('p', { class: 'hidden', id: 'canvas-help' }, S.canvasHelp), this.stage, this.note, el('div', { class: 'charts' }, el('figure', {}, label(this.chooser(), this.chartUnit, this.chartTitle), boxes[0]), shown > 1 && el('figure', {}, label(el('span', {}, `${capital(S.difference)} `, badge(this.charts.pair[0]), ' − ', badge(this.charts.pair[1])), this.diffNow = el('span', { class: 'now' })), boxes[1]))), this.drawer()), this.transport(), this.said, this.tip);
    this.setChart(this.charts.name);
    this.sizes.disconnect();
    for (const box of [this.root, ...boxes]) this.sizes.observe(box);
    this.showPanel();
    if (this.strip) drawStrip(this.strip, world.worlds);
    if (place && document.activeElement === document.body) document.getElementById(place)?.focus();
  }

  header() {
    const { world } = this, worlds = world.worlds;
    this.strip = worlds ? el('canvas', { class: 'strip', role: 'img', 'aria-label': S.stripLabel(worlds.gaps.filter((gap) => gap > 0).length, worlds.gaps.length) }) : null;
    const views = ['sides', ...(world.runs.length > 1 ? ['difference'] : []), 'matrix'];
    this.viewButtons = views.map((view) => el('button', { 'aria-pressed': String(view === this.view), onclick: () => this.setView(view) }, S[view]));
    return el('header', { class: world.lesson ? 'lesson' : '' }, el('p', { class: 'question' }, world.question || capital(say(world.scenario))), el('h1', {}, this.headline()), el('p', { class: 'among' }, [this.among()].flat().map((sentence) => [el('span', {}, sentence), ' '])), this.strip && el('figure', { class: 'worlds' }, this.strip, el('figcaption', {}, S.stripHint)), el('div', { class: 'tools' }, el('div', { class: 'group', role: 'group', 'aria-label': S.views }, this.viewButtons), el('div', { class: 'group' }, el('button', { id: 'projector', 'aria-pressed': String(Boolean(this.big)), title: S.projectorHint, onclick: () => this.project() }, S.projector), el('button', { id: 'theme', title: S.theme, 'aria-label': S.theme, onclick: () => this.retheme() }, '◐'))));
  }

  headline() {
    if (this.world.lesson) return this.world.lesson.title;
    const { runs, worlds } = this.world, unit = S.unitNet, end = runs.map((run) => run.net.at(-1));
    if (runs.length < 2) return S.alone(capital(say(runs[0].label)), signed(end[0]), unit);
    if (!worlds) return S.oneWorld(say(runs[0].label), say(runs[1].label), signed(end[0] - end[1]), unit);
    const [one, other] = runs.map((run) => say(run.label));
    return worlds.all ? S.verdict(capital(one), other, worlds.all, worlds.verdict, unit) : S.versus(capital(one), other);
  }

  // Where the world on screen lies among all paired worlds.
  among() {
    const { worlds, lesson, replicate, runs } = this.world;
    if (lesson) return lesson.others === undefined ? '' : S.lesson.world(replicate, lesson.others, lesson.ordinary);
    const last = runs.at(-1), gap = last.net.at(-1) - runs[0].net.at(-1);
    if (last.branch && gap) return [S.branched(LETTERS[runs.length - 1], last.branch.at, signed(gap), S.unitNet, LETTERS[0]), S.proves];
    if (!worlds) return runs.length > 1 ? S.proves : '';
    const { gaps, here, futures } = worlds;
    const below = gaps.filter((gap) => gap < gaps[here]).length + 0.5 * (gaps.filter((gap) => gap === gaps[here]).length - 1);
    const rank = gaps.length < FEW ? '' : S.rankWords(below / (gaps.length - 1));
    return S.among(gaps.filter((gap) => gap > 0).length, gaps.length, futures, replicate, rank, `${signed(gaps[here])} kEUR`);
  }

  setChart(name) {
    this.charts.name = name;
    this.chartUnit.textContent = this.charts.unit;
    this.charts.boxes.forEach((box, k) => box.setAttribute('aria-label', S.plotLabel(k ? `${S.difference}: ${S.chartOf[name]}` : S.chartOf[name])));
    this.charts.build(this.big);
  }

  chooser() {
    return el('label', {}, el('span', { class: 'hidden' }, S.chartChoice), el('select', { onchange: (e) => { this.setChart(e.target.value); this.seek(this.t); } }, Object.entries(S.chartOf).map(([key, text]) => el('option', { value: key, selected: key === this.charts.name }, text))));
  }

  drawer() {
    const tabs = [...(this.world.lesson ? ['lesson'] : []), ...Object.keys(S.tabs).filter((tab) => tab !== 'lesson')];
    const move = (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      event.stopPropagation();
      event.preventDefault();
      this.setTab(tabs[(tabs.indexOf(this.tab) + by + tabs.length) % tabs.length], true);
    };
    this.tabs = tabs.map((tab) => el('button', { role: 'tab', id: `tab-${tab}`, 'aria-controls': 'panel', 'aria-selected': String(tab === this.tab), tabindex: tab === this.tab ? '0' : '-1', onclick: () => this.setTab(tab), onkeydown: move }, S.tabs[tab]));
    return el('aside', { 'aria-label': S.drawer }, el('div', { class: 'tabs', role: 'tablist' }, this.tabs), this.panelBox);
  }

  transport() {
    const { world } = this, n = world.quarters, button = (text, label, act) => el('button', { 'aria-label': label, title: label, onclick: act }, text);
    this.playButton = button(icon('play'), S.play, () => this.toggle());
    this.playButton.className = 'main';
    this.scrubber = el('input', { type: 'range', min: 0, max: n, step: 1, value: this.t, 'aria-label': S.scrub, oninput: (e) => this.seek(Number(e.target.value)) });
    const ticks = [...(world.marks ?? []), ...world.runs.filter((run) => run.branch).map((run) => ({ t: run.branch.at, kind: 'branch', text: say(run.label) }))];
    const marks = ticks.map((mark) => el('button', { class: `mark ${mark.kind}`, 'data-at': mark.t / n, 'aria-label': `${S.events[mark.kind] ?? mark.kind}, Q${mark.t}: ${mark.text}`, title: `Q${mark.t}: ${mark.text}`, onclick: () => this.seek(mark.t) }));
    for (const mark of marks) mark.style.left = `calc(9px + ${mark.dataset.at} * (100% - 18px))`;
    this.clock = el('output', { class: 'clock' });
    this.speedBox = el('select', { 'aria-label': S.speed, onchange: (e) => { this.speed = Number(e.target.value); } }, SPEEDS.map((speed) => el('option', { value: speed, selected: speed === this.speed }, `${speed}×`)));
    return el('footer', { class: 'transport' }, button(icon('restart'), S.restart, () => this.seek(0)), button(icon('back'), S.back, () => this.seek(this.t - 1)), this.playButton, button(icon('forward'), S.forward, () => this.seek(this.t + 1)), el('div', { class: 'scrub' }, el('div', { class: 'marks' }, marks), this.scrubber), this.clock, this.speedBox);
  }

  // --- time ----------------------------------------------------------------------------------

  tiesOf(run, t) {
    const id = `${this.world.runs.indexOf(run)}:${t}`;
    if (!this.memo.has(id)) {
      if (this.memo.size > 8) this.memo.delete(this.memo.keys().next().value);
      this.memo.set(id, tiesAt(this.world, run, t));
    }
    return this.memo.get(id);
  }

  // How far may be seen: in a lesson no further than its films so far, so that no guess is given away.
  most() {
    const { lesson, quarters } = this.world, at = this.lesson.step;
    if (!lesson || at === lesson.steps.length - 1) return quarters;
    return Math.max(0, ...lesson.steps.slice(0, at + 1).filter(({ kind }) => kind === 'run').map(({ to }) => to ?? quarters));
  }

  seek(t) {
    this.t = Math.max(0, Math.min(this.most(), t));
    this.draw();
    this.charts.seek(this.t);
    this.live?.follow(this);
    this.scrubber.value = this.t;
    const clock = this.t ? `${S.quarter(this.t, this.world.quarters)}` : S.quarter(0, this.world.quarters);
    this.clock.textContent = clock;
    this.scrubber.setAttribute('aria-valuetext', clock);
    this.charts.words(this.t).forEach((value, k) => { this.chartNow[k].textContent = ` ${value} `; });
    if (this.diffNow) {
      const [a, b] = this.charts.pair.map((k) => this.world.runs[k]).map((run) => (this.charts.name === 'net' ? run.net[this.t] : run.series[this.charts.name][this.t - 1] ?? null));
      this.diffNow.textContent = a === null || b === null ? '' : signed(a - b);
    }
    if (!this.timer) { this.announce(); if (['story', 'list'].includes(this.tab)) this.showPanel(); }
  }

  announce() {
    this.said.textContent = S.state(this.t, this.world.quarters, this.world.runs.map((run) => S.stateRun(say(run.label), run.ties.at[this.t].length, signed(run.net[this.t]))));
  }

  toggle() { if (this.timer) this.pause(); else this.play(); }

  play() {
    if (this.t >= this.most()) this.seek(0);
    this.playButton.replaceChildren(icon('pause'));
    this.playButton.setAttribute('aria-label', S.pause);
    const beat = () => {
      this.seek(this.t + 1);
      if (this.t >= (this.until ?? this.most())) this.pause();
      else this.timer = setTimeout(beat, 900 / this.speed);
    };
    this.timer = setTimeout(beat, 350);
  }

  stop() { clearTimeout(this.timer); this.timer = null; this.until = undefined; }

  pause() {
    this.stop();
    this.playButton.replaceChildren(icon('play'));
    this.playButton.setAttribute('aria-label', S.play);
    this.seek(this.t);
  }

  // --- pictures ------------------------------------------------------------------------------

  draw() {
    const { world, t, filter } = this, all = world.runs.map((run) => filtered(world, this.tiesOf(run, t), filter)), most = Math.max(...all.map((ties) => ties.length));
    const crowded = most > TOO_MANY && this.view !== 'matrix', matrix = crowded || this.view === 'matrix', single = this.view === 'difference', pair = single ? this.charts.pair : [0, 1];
    this.filters = this.filterWords();
    this.note.hidden = !crowded && !this.filters.length;
    this.noteText.textContent = [crowded && S.matrixInstead(most), this.filters.length && S.filtered(this.filters)].filter(Boolean).join(' ');
    this.noteButton.textContent = this.filters.length ? S.clear : S.toFilter;
    this.stage.classList.toggle('single', single);
    if (this.headed !== single) world.runs.forEach((run, k) => this.heads[k].replaceChildren(...(single && !k ? pair : [k]).map((i) => el('span', { class: `tone${i}` }, named(world.runs[i], i), world.runs[i].branch && el('small', {}, ` ${S.changed(world.runs[i].branch.at)}`)))));
    const sides = all.length > 1 ? divide(all[pair[0]], all[pair[1]]) : new Map();
    this.headed = single;
    // Policies are held against what stands under all of them, a change against the run whose past it shares.
    const peers = all.filter((_, k) => !world.runs[k].branch), common = inAll(peers);
    this.shared = world.runs.map((run) => (run.branch ? new Set(all[0].map((tie) => tie.key)) : peers.length > 1 ? common : null));
    if (matrix) this.drawMatrices(all, single ? pair : null);
    else if (single) this.drawDifference(all, sides, pair);
    else all.forEach((ties, k) => this.drawSide(ties, k));
    this.panes.forEach((pane, k) => {
      const shared = this.shared[k], only = shared ? all[k].filter((tie) => !shared.has(tie.key)).length : 0;
      this.counts[k].textContent = single ? S.sideCounts([...sides.values()], ...pair.map((i) => LETTERS[i])) : !shared ? S.ties(all[k].length) : world.runs[k].branch ? S.tiesNot(all[k].length, only, LETTERS[0]) : peers.length > 2 ? S.tiesNotAll(all[k].length, only) : S.tiesOnly(all[k].length, only);
      this.canvases[k].setAttribute('aria-label', `${say(world.runs[k].label)}: ${this.counts[k].textContent}`);
    });
  }

  scene(ties, run) {
    return { ties, place: this.place, kinds: this.world.organisations.kind, there: (i) => lives(this.world, run, i, this.t), partners: partnersNow(ties), chosen: this.chosen, focus: this.focus ?? -1, big: this.big };
  }

  drawSide(ties, k) {
    const toned = ties.map((tie) => ({ ...tie, tone: this.shared[k]?.has(tie.key) ? '--shared' : LOOKS[k].colour }));
    this.frame = drawNetwork(this.canvases[k], this.scene(toned, this.world.runs[k]));
  }

  drawDifference(all, sides, pair) {
    const seen = new Map(), tones = ['', ...pair.map((k) => LOOKS[k].colour), '--shared'];
    pair.forEach((k) => all[k].forEach((tie) => seen.set(tie.key, { ...tie, tone: tones[sides.get(tie.key)] })));
    this.frame = drawNetwork(this.canvases[0], { ...this.scene([...seen.values()], this.world.runs[0]), dashed: tones[2] });
  }

  drawMatrices(all, pair) {
    const cells = all.map((ties) => sectorMatrix(this.world, ties)), top = Math.max(1, ...cells.flat(2));
    if (pair) {
      const [one, other] = pair, gap = cells[one].map((row, i) => row.map((value, j) => value - cells[other][i][j]));
      drawMatrix(this.canvases[0], gap, Math.max(1, ...gap.flat().map(Math.abs)), pair.map((k) => LOOKS[k].colour), this.big);
    } else cells.forEach((one, k) => drawMatrix(this.canvases[k], one, top, [LOOKS[k].colour], this.big));
    this.frame = null;
  }

  setView(view) {
    this.view = view;
    this.viewButtons.forEach((button) => button.setAttribute('aria-pressed', String(button.textContent === S[view])));
    this.draw();
    if (this.tab === 'legend') this.showPanel();
  }

  // --- choices -------------------------------------------------------------------------------

  at(event, k) {
    if (!this.frame) return -1;
    const box = this.canvases[k].getBoundingClientRect(), { wide, down } = this.frame, run = this.world.runs[k];
    return nearest(this.place, (event.clientX - box.left - box.width / 2) / wide, (event.clientY - box.top - box.height / 2) / down, 14 / down, (i) => lives(this.world, run, i, this.t));
  }

  onClick(event, k) { this.choose(this.at(event, k)); }

  onHover(event, k) {
    const org = this.at(event, k);
    this.tip.hidden = org < 0;
    if (org < 0) return;
    this.tip.textContent = `${S.organisation(org)}: ${whoIs(this.world, org)}`;
    this.tip.style.left = `${Math.min(event.clientX + 14, innerWidth - 280)}px`;
    this.tip.style.top = `${event.clientY + 14}px`;
  }

  choose(org, stay = false) {
    this.chosen = org; this.focus = -1; this.asked = false;
    this.showSide();
    if (org >= 0 && !stay) this.tab = 'story';
    if (org >= 0 && stay) this.setTab('story', true); else this.setTab(this.tab);
    this.draw();
    if (org >= 0) this.said.textContent = S.chosen(org, whoIs(this.world, org));
  }

  setFilter(change, rebuild = false) {
    Object.assign(this.filter, change);
    this.draw();
    if (rebuild || this.tab === 'legend') this.showPanel();
  }

  filterWords() {
    const { sector, ties, trust } = this.filter;
    return [sector >= 0 && S.sectorN(sector + 1), ties !== 'all' && S.tieKinds[ties], trust > 0 && `${S.minTrust.toLowerCase()} ${trust}`].filter(Boolean);
  }

  setTab(tab, focus = false) {
    this.tab = tab;
    for (const button of this.tabs) {
      const on = button.id === `tab-${tab}`;
      button.setAttribute('aria-selected', String(on));
      button.tabIndex = on ? 0 : -1;
      if (on && focus) button.focus();
    }
    this.showPanel();
  }

  showPanel(refocus) {
    const top = this.panelBox.scrollTop, place = document.activeElement?.id;
    this.panelBox.setAttribute('aria-labelledby', `tab-${this.tab}`);
    this.panelBox.replaceChildren(...PANELS[this.tab](this).filter(Boolean));
    this.panelBox.scrollTop = top;
    const again = refocus ?? (place ? `#${CSS.escape(place)}` : null);
    if (again) this.panelBox.querySelector(again)?.focus({ preventScroll: true });
  }

  // The last quarter of the film shown before this step: what a reveal speaks of has been seen to its end.
  filmed() {
    return this.world.lesson.steps.slice(0, this.lesson.step).filter(({ kind }) => kind === 'run').at(-1)?.to ?? this.t;
  }

  lessonStep(by) {
    const { lesson } = this.world;
    this.lesson.step = Math.max(0, Math.min(lesson.steps.length - 1, this.lesson.step + by));
    const step = lesson.steps[this.lesson.step];
    this.charts.until(this.most());
    if (step.view) this.setView(step.view);
    if (step.chart) { this.root.querySelector('.charthead select').value = step.chart; this.setChart(step.chart); }
    if (step.kind === 'run' && by > 0) { this.seek(step.from ?? 0); this.until = step.to; this.play(); this.until = step.to; } else { this.pause(); this.seek(step.at ?? (step.kind === 'reveal' ? this.filmed() : this.t)); }
    this.showPanel();
    this.said.textContent = `${S.lesson.step(this.lesson.step + 1, lesson.steps.length)}: ${S.lesson[step.kind]}. ${step.text}`;
    if (document.activeElement === document.body) (this.panelBox.querySelector('.choices input, #lesson-next:enabled') ?? this.panelBox).focus({ preventScroll: true });
    this.panelBox.scrollTop = 0;
  }

  // In projector mode the panel gives its room to the networks unless a lesson, a story or the choice of one needs it.
  showSide() {
    document.documentElement.classList.toggle('withpanel', Boolean(this.big && (this.world.lesson || this.chosen >= 0 || this.asked)));
  }

  ask(tab = 'story', first = '#pick') {
    this.asked = true;
    this.showSide();
    this.setTab(tab);
    this.panelBox.querySelector(first)?.focus();
  }

  project() {
    this.big = !this.big;
    this.showSide();
    document.documentElement.classList.toggle('projector', this.big);
    this.restyle();
  }

  retheme() {
    const now = document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    document.documentElement.dataset.theme = now === 'dark' ? 'light' : 'dark';
    this.restyle();
  }

  restyle() { this.build(); this.seek(this.t); }

  resized() {
    if (!this.charts) return;
    this.charts.resize();
    this.draw();
    if (this.strip) { fit(this.strip); drawStrip(this.strip, this.world.worlds); }
  }

  // --- keys ----------------------------------------------------------------------------------

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // A control keeps the keys that it uses itself, no more: letters go to the player even from a slider or a choice.
    const { tagName, type } = event.target, own = tagName === 'SELECT' ? /^./ : { range: /^(Arrow|Home|End|Page|[+-]$)/, radio: /^(Arrow| $)/, number: /^/ }[type] ?? /^$/;
    const typing = tagName === 'TEXTAREA' || (['INPUT', 'SELECT'].includes(tagName) && own.test(event.key)), onButton = event.target.tagName === 'BUTTON' || event.target.tagName === 'SUMMARY';
    if ((typing && !(event.target.id === 'pick' && event.key === 'Escape')) || (onButton && [' ', 'Enter'].includes(event.key))) return;
    const faster = (by) => { this.speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, SPEEDS.indexOf(this.speed) + by))]; this.speedBox.value = this.speed; };
    const views = this.viewButtons.length === 3 ? ['sides', 'difference', 'matrix'] : ['sides', 'matrix'];
    const act = { ' ': () => this.toggle(), ArrowLeft: () => this.seek(this.t - 1), ArrowRight: () => this.seek(this.t + 1), Home: () => this.seek(0), End: () => this.seek(this.world.quarters), '+': () => faster(1), '-': () => faster(-1), v: () => this.setView(views[(views.indexOf(this.view) + 1) % views.length]), p: () => this.project(), d: () => this.retheme(), o: () => this.ask(), Escape: () => this.choose(-1) }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  onCanvasKey(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key], run = this.world.runs[0];
    const there = (i) => lives(this.world, run, i, this.t);
    if (event.key === 'Enter' && this.focus >= 0) { this.choose(this.focus); event.stopPropagation(); return; }
    if (!way || !this.frame) return;
    event.preventDefault();
    event.stopPropagation();
    const from = this.focus >= 0 ? this.focus : this.chosen >= 0 ? this.chosen : this.world.clusters.hub[0] ?? 0;
    this.focus = this.focus === undefined || (this.focus < 0 && this.chosen < 0) ? from : neighbour(this.place, from, ...way, there);
    this.said.textContent = `${S.organisation(this.focus)}: ${whoIs(this.world, this.focus)}`;
    this.draw();
  }
}
