// From bytes to a checked recording; whatever is wrong becomes one clear sentence.
import { S } from './strings.js';
import { unbase85 } from './base85.js';

export const FORMAT = 'mobilise-recording', VERSION = 1, MOST = 20000;
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

export function check(data) {
  if (!data || data.format !== FORMAT) throw new Unplayable(S.errors.format);
  if (data.version !== VERSION) throw new Unplayable(S.errors.version(data.version, VERSION));
  const missing = ['quarters', 'organisations', 'clusters', 'past', 'runs', 'words'].find((name) => data[name] === undefined);
  if (missing) throw new Unplayable(S.errors.shape(missing));
  const count = data.organisations.kind?.length ?? 0;
  if (count > MOST) throw new Unplayable(S.errors.large(count, MOST));
  if (!Array.isArray(data.runs) || data.runs.length < 1 || data.runs.length > 4) throw new Unplayable(S.errors.shape('runs'));
  for (const run of data.runs) checkRun(run, count);
  return data;
}

function checkRun(run, count) {
  const parts = run.partnerships ?? {}, rows = parts.row?.length, seats = (parts.size ?? []).reduce((a, b) => a + b, 0);
  const short = COLUMNS.find((name) => parts[name]?.length !== rows) ?? SEATS.find((name) => parts[name]?.length !== seats);
  if (short) throw new Unplayable(S.errors.shape(`partnerships.${short}`));
  if (!run.trust?.first || !run.series?.net) throw new Unplayable(S.errors.shape('trust'));
  if (parts.member.some((node) => !(node >= 0 && node < count))) throw new Unplayable(S.errors.shape('member'));
}
