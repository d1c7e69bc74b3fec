// The state of a run at any quarter, as a pure function of the recording: forward, backward, after a jump.
export const FOREVER = 9999, MEMORY = 9, LEVELS = 8;

export function cumulated(column) {
  const out = new Int32Array(column.length);
  for (let k = 0, sum = 0; k < column.length; k++) out[k] = sum += column[k];
  return out;
}

// One run, unpacked once.
export function openRun(recording, run) {
  const p = run.partnerships, starts = cumulated(p.start), rows = cumulated(p.row), quarters = recording.quarters;
  const teams = [];
  for (let k = 0, seat = 0; k < starts.length; k++) {
    const start = starts[k], end = p.length[k] ? start + p.length[k] - 1 : FOREVER, seats = [];
    for (let i = 0; i < p.size[k]; i++, seat++) {
      seats.push({ org: p.member[seat], joined: start + p.late[seat], left: p.early[seat] ? start + p.early[seat] - 1 : end, why: p.left_reason[seat], source: p.source[seat], term: p.term[seat], newcomer: p.newcomer[seat] });
    }
    teams.push({ id: k, row: rows[k], start, end, seats, lead: seats[p.lead[k]]?.org, reason: p.reason[k], won: p.won[k], roles: p.roles[k], coverage: p.coverage[k] / 20, value: p.value[k], ofClusters: p.of_clusters[k], renewal: p.renewal[k], renewed: p.renewed[k], declined: p.declined[k], busy: p.busy[k] });
  }
  const gone = new Int32Array(recording.organisations.kind.length).fill(FOREVER);
  for (const [org, quarter] of run.gone) gone[org] = quarter;
  const ties = deriveTies(recording.past, teams, gone, quarters, run.fixes);
  return { ...run, teams, gone, absent: new Set(run.absent), ties, trust: trustOf(run.trust, ties.a.length, quarters), net: summed(run.series.net) };
}

export function summed(series) {
  let sum = 0;
  return [0, ...series.map((value) => (sum += value ?? 0))];
}

function deriveTies(past, teams, gone, quarters, fixes) {
  const number = new Map(), a = [], b = [], first = [], spans = [];
  const add = (one, other, begin, end, met) => {
    const low = Math.min(one, other), high = Math.max(one, other), key = low * 65536 + high;
    let k = number.get(key);
    if (k === undefined) {
      number.set(key, k = a.length);
      a.push(low); b.push(high); first.push(met); spans.push([]);
    }
    spans[k].push(begin, Math.min(FOREVER, end), met);
    return k;
  };
  for (let k = 0; k < past.a.length; k++) { add(past.a[k], past.b[k], past.last[k], past.last[k] + MEMORY, past.first[k]); }
  for (const team of teams) {
    for (let i = 0; i < team.seats.length; i++) {
      const one = team.seats[i];
      for (let j = 0; j < i; j++) {
        const other = team.seats[j];
        if (!(other.left > one.joined || other.left === team.end || other.joined === one.joined)) continue;
        const begin = Math.max(one.joined, other.joined), end = Math.max(begin, Math.min(one.left, other.left));
        add(one.org, other.org, begin, end + MEMORY, begin);
      }
    }
  }
  const alive = new Uint8Array(a.length * (quarters + 1));
  for (let k = 0; k < a.length; k++) {
    const until = Math.min(gone[a[k]], gone[b[k]], quarters + 1), row = k * (quarters + 1), list = spans[k];
    for (let s = 0; s < list.length; s += 3) for (let t = Math.max(0, list[s]); t < Math.min(until, list[s + 1]); t++) alive[row + t] = 1;
  }
  for (const [k, from, to] of fixes) for (let t = from; t < to; t++) alive[k * (quarters + 1) + t] ^= 1;
  return { a, b, first, number, alive, at: listByQuarter(alive, a.length, quarters) };
}

function listByQuarter(alive, count, quarters) {
  return Array.from({ length: quarters + 1 }, (_, t) => {
    const list = [];
    for (let k = 0; k < count; k++) if (alive[k * (quarters + 1) + t]) list.push(k);
    return Int32Array.from(list);
  });
}

// Trust in eighths by tie and quarter, from each tie's first level and the steps of each quarter.
function trustOf(trust, count, quarters) {
  const level = new Uint8Array(count * (quarters + 1)), now = Uint8Array.from(trust.first);
  for (let t = 0, c = 0; t <= quarters; t++) {
    for (let n = trust.count[t], k = 0, last = 0; n > 0; n--, c++) {
      k = last + (trust.code[c] >> 1);
      now[k] += trust.code[c] & 1 ? 1 : -1;
      last = k;
    }
    for (let k = 0; k < count; k++) level[k * (quarters + 1) + t] = now[k];
  }
  return level;
}

export function open(recording) {
  const count = recording.organisations.kind.length, founders = recording.organisations.founders;
  const born = new Int32Array(count).fill(-FOREVER);
  recording.organisations.born.forEach((quarter, k) => { born[founders + k] = quarter; });
  return { ...recording, count, bornIn: born, runs: recording.runs.map((run) => openRun(recording, run)) };
}

export const lives = (world, run, org, t) => !run.absent.has(org) && world.bornIn[org] <= t && t < run.gone[org];

// Ties of a run at quarter t: id, ends, age, trust in [0, 1], whether they work together now.
export function tiesAt(world, run, t) {
  const width = world.quarters + 1, working = workingAt(run, t);
  return Array.from(run.ties.at[t], (k) => ({ k, key: run.ties.a[k] * 65536 + run.ties.b[k], a: run.ties.a[k], b: run.ties.b[k], age: Math.max(0, t - run.ties.first[k]), trust: run.trust[k * width + t] / LEVELS, working: working.has(k) }));
}

export function workingAt(run, t) {
  const found = new Set();
  for (const team of run.teams) {
    if (team.start > t || t >= team.end) continue;
    const there = team.seats.filter((seat) => seat.joined <= t && t < seat.left);
    for (let i = 0; i < there.length; i++) for (let j = 0; j < i; j++) {
      const low = Math.min(there[i].org, there[j].org), high = Math.max(there[i].org, there[j].org);
      found.add(run.ties.number.get(low * 65536 + high));
    }
  }
  return found;
}

export function filtered(world, ties, filter) {
  const { sector, cluster } = world.organisations;
  return ties.filter((tie) => (filter.sector < 0 || sector[tie.a] === filter.sector || sector[tie.b] === filter.sector)
    && tie.trust >= filter.trust && (filter.ties === 'all' || (filter.ties === 'working' && tie.working)
    || (filter.ties === 'across' && cluster[tie.a] !== cluster[tie.b]) || (filter.ties === 'old' && tie.age >= 8)));
}

export function sectorMatrix(world, ties) {
  const { sector } = world.organisations, size = Math.max(...sector) + 1, cells = Array.from({ length: size }, () => new Array(size).fill(0));
  for (const { a, b } of ties) {
    cells[sector[a]][sector[b]]++;
    if (sector[a] !== sector[b]) cells[sector[b]][sector[a]]++;
  }
  return cells;
}

// How the ties of the first two runs divide: key of tie -> bits (1: first, 2: second).
export function divide(one, other) {
  const sides = new Map();
  for (const tie of one) sides.set(tie.key, 1);
  for (const tie of other) sides.set(tie.key, (sides.get(tie.key) ?? 0) | 2);
  return sides;
}

// The keys of the ties that stand in every one of some lists.
export function inAll(lists) {
  const [first, ...others] = lists.map((ties) => new Set(ties.map((tie) => tie.key)));
  return new Set([...first].filter((key) => others.every((keys) => keys.has(key))));
}

export function partnersNow(ties) {
  const count = new Map();
  for (const { a, b, working } of ties) if (working) { count.set(a, (count.get(a) ?? 0) + 1); count.set(b, (count.get(b) ?? 0) + 1); }
  return count;
}

// A text that names everything about a quarter; equal states have equal texts.
export function fingerprint(world, t) {
  return world.runs.map((run) => tiesAt(world, run, t).map((tie) => `${tie.a}-${tie.b}:${Math.round(tie.trust * LEVELS)}${tie.working ? '*' : ''}`).join(' ') + '|' + run.net[t]).join('\n');
}
