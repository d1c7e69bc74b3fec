// Small charts: the runs over each other, and the difference of the first two. uPlot draws, we label.
import uPlot from 'uplot';
import { S, plain, signed } from './strings.js';
import { LOOKS, ink } from './draw.js';

const SUMMED = new Set(['net']);

export function values(run, name) {
  if (SUMMED.has(name)) return run.net;
  return [null, ...run.series[name]];
}

export function differenceOf(one, other, name) {
  const a = values(one, name), b = values(other, name);
  return a.map((value, t) => (value === null || b[t] === null ? null : value - b[t]));
}

// How far the axis goes, from whole lines: what a lesson still hides must fit once it is shown.
export function reach(lines) {
  const known = lines.flat().filter((value) => value !== null && value !== undefined);
  return known.length ? uPlot.rangeNum(Math.min(...known), Math.max(...known), 0.1, true) : [0, 1];
}

export class Charts {
  constructor(boxes, world, onSeek) {
    this.boxes = boxes; this.world = world; this.onSeek = onSeek; this.plots = []; this.name = 'net';
  }

  // What the difference is about: the first two, or a change against the run whose past it shares.
  get pair() {
    const last = this.world.runs.length - 1;
    return this.world.runs[last].branch ? [last, 0] : [0, 1];
  }

  build(big) {
    for (const plot of this.plots) plot.destroy();
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
    const size = big ? 16 : 12.5, font = `${size}px ${ink('--font')}`;
    const axis = { stroke: ink('--muted'), font, ticks: { show: false }, grid: { stroke: ink('--line'), width: 1 } };
    const options = {
      width: box.clientWidth, height: box.clientHeight, legend: { show: false }, scales: { x: { time: false }, y: { range: reach(data.slice(1)) } },
      cursor: { show: false }, padding: [8, 14, 0, 0],
      axes: [{ ...axis, grid: { show: false }, size: size * 2, space: 40, incrs: [1, 2, 4, 8, 16, 20, 40], values: (_, ticks) => ticks }, { ...axis, size: size * 3.9, space: size * 2.2, values: (_, ticks) => ticks.map((v) => (zero ? signed(v, 2) : `${v}`.replace('-', '−'))) }],
      series: [{}, ...looks.map((look) => ({ stroke: ink(look.colour), width: big ? 3.4 : 2.2, dash: look.dash, points: { show: false } }))],
      hooks: { draw: [(u) => this.cursor(u, zero)] },
    };
    const plot = new uPlot(options, data, box);
    plot.over.addEventListener('click', (event) => this.onSeek(Math.round(plot.posToVal(event.offsetX, 'x'))));
    return plot;
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

  resize() {
    this.plots.forEach((plot, k) => plot.setSize({ width: this.boxes[k].clientWidth, height: this.boxes[k].clientHeight }));
  }

  words(t) {
    return this.world.runs.map((run) => plain(values(run, this.name)[t]));
  }

  get unit() { return S.chartUnit[this.name]; }
}
