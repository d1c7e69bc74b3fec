// From bytes to a checked recording; whatever is wrong becomes one clear sentence.
import { S } from './strings.js';
import { unbase85 } from './base85.js';

export const FORMAT = 'mobilise-recording', VERSION = 1, MOST = 20000, LONGEST = 1000;
export class Unplayable extends Error {}

export async function unpack(text) {
  const trimmed = text.trim();
  if (!trimmed) throw new Unplayable(S.errors.empty);
  if (typeof DecompressionStream === 'undefined') throw new Unplayable(S.errors.old);
  let json;
  try {
    json = await new Response(new Blob([unbase85(trimmed)]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
  } catch { throw new Unplayable(S.errors.torn); }
  return parse(json);
}

export function parse(json) {
  let data;
  try { data = JSON.parse(json); } catch { throw new Unplayable(S.errors.json); }
  return check(data);
}

const COLUMNS = ['row', 'start', 'length', 'reason', 'won', 'size', 'roles', 'coverage', 'value', 'of_clusters', 'renewal', 'renewed', 'lead', 'declined', 'busy'];
const SEATS = ['member', 'late', 'early', 'left_reason', 'source', 'term', 'newcomer'];

const whole = (value) => Number.isInteger(value), text = (value) => typeof value === 'string', number = (value) => value === null || Number.isFinite(value);
const list = (value, length, fits = whole) => Array.isArray(value) && (length === undefined || value.length === length) && value.every(fits);
const under = (most) => (value) => whole(value) && value >= 0 && value < most;
const total = (column) => column.reduce((sum, value) => sum + value, 0);

// What must hold, part by part, so that nothing drawn later can fail.
const RULES = {
  quarters: ({ quarters }) => whole(quarters) && quarters >= 1 && quarters <= LONGEST,
  words: ({ words }) => ['kinds', 'reasons', 'sources', 'terms'].every((name) => list(words[name], undefined, text)),
  organisations: ({ organisations: { kind, cluster, sector, founders, born }, words, clusters }) => list(kind, undefined, under(words.kinds.length)) && list(cluster, kind.length, (one) => one === -1 || under(clusters.sector.length)(one))
    && list(sector, kind.length, under(1000)) && under(kind.length + 1)(founders) && list(born, kind.length - founders),
  clusters: ({ clusters: { sector, hub } }) => list(sector, undefined, under(1000)) && list(hub, sector.length),
  past: ({ past, organisations }) => list(past.a, undefined, under(organisations.kind.length)) && list(past.b, past.a.length, under(organisations.kind.length)) && list(past.first, past.a.length) && list(past.last, past.a.length),
  worlds: ({ worlds }) => worlds === undefined || (list(worlds.gaps, undefined, Number.isFinite) && under(worlds.gaps.length)(worlds.here)),
  lesson: ({ lesson }) => lesson === undefined || (list(lesson.steps, undefined, (step) => text(step.text) && ['predict', 'run', 'reveal', 'explain'].includes(step.kind)) && lesson.steps.length > 0),
  marks: ({ marks }) => marks === undefined || list(marks, undefined, (mark) => whole(mark.t)),
  levers: ({ levers }) => levers === undefined || list(levers, undefined, (lever) => Array.isArray(lever.values)),
};
const OF_RUN = {
  label: ({ label }) => text(label),
  partnerships: ({ partnerships: p }, count, quarters, words) => COLUMNS.every((name) => list(p[name], p.row.length)) && p.size.every((size) => size >= 0) && SEATS.every((name) => list(p[name], total(p.size))) && p.member.every(under(count))
    && [...p.reason, ...p.left_reason].every(under(words.reasons.length)) && p.source.every(under(words.sources.length)) && p.term.every(under(words.terms.length)),
  gone: ({ gone }, count) => list(gone, undefined, (one) => list(one, 2) && under(count)(one[0])),
  absent: ({ absent }, count) => list(absent, undefined, under(count)),
  series: ({ series }, _, quarters) => Object.values(series).every((values) => list(values, quarters, number)) && ['net', 'ties'].every((name) => series[name]),
  trust: ({ trust }, _, quarters) => list(trust.first) && list(trust.count, quarters + 1, under(Infinity)) && list(trust.code, total(trust.count), under(Infinity)),
  fixes: ({ fixes }, _, quarters) => list(fixes, undefined, (one) => list(one, 3) && one[0] >= 0 && one[1] >= 0 && one[2] <= quarters + 1),
};

function broken(rules, ...given) {
  return Object.keys(rules).find((name) => { try { return !rules[name](...given); } catch { return true; } });
}

export function check(data) {
  if (!data || data.format !== FORMAT) throw new Unplayable(S.errors.format);
  if (data.version !== VERSION) throw new Unplayable(S.errors.version(data.version, VERSION));
  const count = data.organisations?.kind?.length ?? 0;
  if (count > MOST) throw new Unplayable(S.errors.large(count, MOST));
  const wrong = broken(RULES, data) ?? (Array.isArray(data.runs) && data.runs.length >= 1 && data.runs.length <= 4 ? undefined : 'runs');
  const within = wrong ?? data.runs.map((run) => broken(OF_RUN, run, count, data.quarters, data.words)).find(Boolean);
  if (within) throw new Unplayable(S.errors.shape(within));
  return data;
}
