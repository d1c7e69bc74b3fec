// Small charts: the runs over each other, and the difference of the first two. uPlot draws, we label.
import uPlot from 'uplot';
import { S, plain, signed } from './strings.js';
import { LETTERS, LOOKS, ink, rem } from './draw.js';

const SUMMED = new Set(['net']);

export function values(run, name) {
  if (SUMMED.has(name)) return run.net;
  return [null, ...run.series[name]];
}

export function differenceOf(one, other, name) {
  const a = values(one, name), b = values(other, name);
  return a.map((value, t) => (value === null || b[t] === null ? null : value - b[t]));
}

// How far the axis goes, from whole lines or, in a lesson, from those of the films so far: a scale must not give a guess away.
export function reach(lines) {
  const known = lines.flat().filter((value) => value !== null && value !== undefined);
  return known.length ? uPlot.rangeNum(Math.min(...known), Math.max(...known), 0.1, true) : [0, 1];
}

export class Charts {
  constructor(boxes, world, onSeek, most) {
    this.most = most; this.boxes = boxes; this.world = world; this.onSeek = onSeek; this.plots = []; this.name = 'net';
  }

  // What the difference is about: the first two, or a change against the run whose past it shares.
  get pair() {
    const last = this.world.runs.length - 1;
    return this.world.runs[last].branch ? [last, 0] : [0, 1];
  }

  build(big) {
    for (const plot of this.plots) plot.destroy();
    this.big = big;
    const { runs, quarters } = this.world, steps = Array.from({ length: quarters + 1 }, (_, t) => t);
    const data = [steps, ...runs.map((run) => values(run, this.name))];
    this.full = [data];
    this.plots = [this.plot(this.boxes[0], data, runs.map((_, k) => LOOKS[k]), big)];
    if (runs.length > 1) {
      const difference = differenceOf(runs[this.pair[0]], runs[this.pair[1]], this.name);
      this.full.push([steps, difference]);
      this.plots.push(this.plot(this.boxes[1], [steps, difference], [{ colour: '--ink', dash: [] }], big, true));
    }
  }

  plot(box, data, looks, big, zero = false) {
    box.replaceChildren();
    const size = (big ? 0.84 : 0.79) * rem(), font = `${size}px ${ink('--font')}`;
    const axis = { stroke: ink('--muted'), font, ticks: { show: false }, grid: { stroke: ink('--line'), width: 1 } };
    const options = {
      width: box.clientWidth, height: box.clientHeight, legend: { show: false }, scales: { x: { time: false }, y: { range: reach(data.slice(1).map((line) => line.slice(0, this.most + 1))) } },
      cursor: { show: false }, padding: [8, zero ? 14 : size * 1.7, 0, 0],
      axes: [{ ...axis, grid: { show: false }, size: size * 2, space: size * 2.6, incrs: [1, 2, 4, 8, 16, 20, 40], values: (_, ticks) => ticks }, { ...axis, size: size * 3.9, space: size * 1.8, values: (_, ticks) => ticks.map((v) => (zero ? signed(v, 2) : `${v}`.replace('-', '−'))) }],
      series: [{}, ...looks.map((look) => ({ stroke: ink(look.colour), width: rem() * (big ? 0.17 : 0.14), dash: look.dash, points: { show: false } }))],
      hooks: { draw: [(u) => this.cursor(u, zero), (u) => !zero && this.ends(u, font)] },
    };
    const plot = new uPlot(options, data, box);
    plot.over.addEventListener('click', (event) => this.onSeek(Math.round(plot.posToVal(event.offsetX, 'x'))));
    return plot;
  }

  // The letter of each line where it ends, moved apart where lines end together.
  ends(u, font) {
    const g = u.ctx, density = devicePixelRatio || 1, size = parseFloat(font) * density, last = u.data[0].length - 1;
    const found = u.data.slice(1).map((line, k) => { const t = line.findLastIndex((value) => value !== null && value !== undefined); return { k, t, y: t < 0 ? 0 : u.valToPos(line[t], 'y', true) }; }).filter(({ t }) => t >= 0).sort((a, b) => a.y - b.y);
    for (let i = 1; i < found.length; i++) found[i].y = Math.max(found[i].y, found[i - 1].y + size * 0.95);
    const over = Math.max(0, (found.at(-1)?.y ?? 0) - u.bbox.top - u.bbox.height);
    g.save();
    g.font = `bold ${size}px ${ink('--font')}`; g.textBaseline = 'middle'; g.textAlign = 'left';
    for (const { k, t, y } of found) {
      g.fillStyle = ink(LOOKS[k].colour);
      g.fillText(LETTERS[k], u.valToPos(Math.min(t, last), 'x', true) + 7 * density, y - over);
    }
    g.restore();
  }

  cursor(u, zero) {
    const g = u.ctx, density = devicePixelRatio || 1, x = u.valToPos(this.t ?? 0, 'x', true);
    g.save();
    g.setLineDash([]);
    if (zero) {
      const y = u.valToPos(0, 'y', true);
      g.strokeStyle = ink('--muted'); g.lineWidth = density;
      g.beginPath(); g.moveTo(u.bbox.left, y); g.lineTo(u.bbox.left + u.bbox.width, y); g.stroke();
    }
    g.strokeStyle = ink('--accent'); g.lineWidth = 2 * density;
    g.beginPath(); g.moveTo(x, u.bbox.top); g.lineTo(x, u.bbox.top + u.bbox.height); g.stroke();
    for (let k = 1; k < u.data.length; k++) {
      const value = u.data[k][this.t ?? 0];
      if (value === null || value === undefined) continue;
      g.fillStyle = u.series[k]._stroke ?? ink('--ink');
      g.beginPath(); g.arc(x, u.valToPos(value, 'y', true), 4.5 * density, 0, 7); g.fill();
    }
    g.restore();
  }

  // In a lesson the lines go no further than the film has: the end would give the answer away.
  seek(t) {
    this.t = t;
    this.plots.forEach((plot, k) => {
      if (this.world.lesson) plot.setData([this.full[k][0], ...this.full[k].slice(1).map((line) => line.map((value, q) => (q > t ? null : value)))], false);
      plot.redraw(false);
    });
  }

  // Another film: other scales.
  until(most) {
    if (most === this.most) return;
    this.most = most;
    this.build(this.big);
  }

  resize() {
    this.plots.forEach((plot, k) => plot.setSize({ width: this.boxes[k].clientWidth, height: this.boxes[k].clientHeight }));
  }

  words(t) {
    return this.world.runs.map((run) => plain(values(run, this.name)[t]));
  }

  get unit() { return S.chartUnit[this.name]; }
}
