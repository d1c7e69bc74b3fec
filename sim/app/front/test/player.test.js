// The pure parts, on a recording made by hand: two organisations of one cluster and one of another.
import test from 'node:test';
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { unbase85 } from '../src/base85.js';
import { Unplayable, check, parse, unpack } from '../src/recording.js';
import { divide, filtered, fingerprint, inAll, lives, open, partnersNow, sectorMatrix, tiesAt } from '../src/state.js';
import { layout, nearest, neighbour } from '../src/layout.js';
import { sentences, story } from '../src/story.js';
import { plain, signed } from '../src/strings.js';

// Partnership 0 begins in quarter 2, ends in 4 (won); organisation 2 joins in 3. Past: 0 and 1 last worked in quarter 0.
const run = () => ({
  policy: 'p', label: 'p', text: '', branch: null, gone: [[1, 12]], absent: [],
  partnerships: { row: [5], start: [2], length: [3], reason: [1], won: [1], size: [3], roles: [3], coverage: [10], value: [300], of_clusters: [0], renewal: [0], renewed: [1], lead: [0], declined: [2], busy: [0], member: [0, 1, 2], late: [0, 0, 1], early: [0, 0, 0], left_reason: [0, 0, 0], source: [1, 0, 0], term: [0, 1, 0], newcomer: [0, 0, 1] },
  trust: { first: [4, 6, 2], count: [0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], code: [1, 3, 1] }, fixes: [],
  series: { net: [1, 2, null, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0], ties: new Array(13).fill(1) }, totals: {},
});
const recording = () => ({
  format: 'mobilise-recording', version: 1, scenario: 's', question: '', replicate: 0, future: 0, quarters: 13,
  words: { kinds: ['sme', 'cluster_organisation'], reasons: ['none', 'success'], sources: ['known', 'self'], terms: ['', 'trust'] },
  organisations: { kind: [0, 0, 0, 1], cluster: [0, 0, 1, 0], sector: [0, 0, 1, 0], country: [0, 0, 0, 0], founders: 4, born: [] },
  clusters: { sector: [0, 1], hub: [3, 3] }, past: { a: [0], b: [1], first: [-3], last: [0] }, marks: [], levers: [], runs: [run(), run()],
});
const all = { sector: -1, ties: 'all', trust: 0 };

test('ties live while at work and eight quarters beyond, and end with an organisation', () => {
  const world = open(recording()), alive = (t) => tiesAt(world, world.runs[0], t).map(({ a, b }) => `${a}${b}`).join(' ');
  assert.equal(alive(0), '01');
  assert.equal(alive(2), '01');
  assert.equal(alive(3), '01 02 12');
  assert.equal(alive(11), '01 02 12');
  assert.equal(alive(12), '02');      // organisation 1 closed in quarter 12; the partnership ended in 4, so 4 + 8
  assert.equal(alive(13), '');
});

test('trust moves by eighths as the steps say', () => {
  const world = open(recording()), trust = (t, k) => world.runs[0].trust[k * 14 + t];
  assert.deepEqual([trust(1, 0), trust(2, 0), trust(3, 0)], [4, 5, 5]);
  assert.deepEqual([trust(2, 1), trust(3, 1), trust(3, 2)], [6, 8, 2]);  // code 3: tie 0+1 up; code 1: again
});

test('work now is told from memory, and who works has partners', () => {
  const world = open(recording()), ties = tiesAt(world, world.runs[0], 3);
  assert.ok(ties.every((tie) => tie.working));
  assert.ok(tiesAt(world, world.runs[0], 4).every((tie) => !tie.working));
  assert.deepEqual([...partnersNow(ties)].sort(), [[0, 2], [1, 2], [2, 2]]);
});

test('the state at a quarter does not depend on the way there', () => {
  const world = open(recording()), other = open(recording()), forward = [], backward = [];
  for (let t = 0; t <= 13; t++) forward.push(fingerprint(world, t));
  for (let t = 13; t >= 0; t--) backward.unshift(fingerprint(other, t));
  assert.deepEqual(forward, backward);
  assert.notEqual(forward[2], forward[3]);
});

test('filters, matrix and division of two sides', () => {
  const world = open(recording()), ties = tiesAt(world, world.runs[0], 3);
  assert.deepEqual(sectorMatrix(world, ties), [[1, 2], [2, 0]]);
  assert.equal(filtered(world, ties, { ...all, ties: 'across' }).length, 2);
  assert.equal(filtered(world, ties, { ...all, sector: 1 }).length, 2);
  assert.equal(filtered(world, ties, { ...all, trust: 0.9 }).length, 1);
  assert.deepEqual([...divide(ties.slice(0, 2), ties.slice(1)).values()], [1, 3, 2]);
  assert.deepEqual([...inAll([ties, ties.slice(0, 2), ties.slice(1)])], [ties[1].key]);
  assert.deepEqual([...inAll([ties, []])], []);
});

test('the life of an organisation is told with its reasons', () => {
  const world = open(recording()), [line] = story(world, world.runs[0], 1), said = sentences(world, line).join('; ');
  assert.equal(line.from, 2);
  assert.ok(line.won && !line.led && line.renewed);
  assert.match(said, /formed with 0, 2/);
  assert.match(said, /chosen most for trust/);
  assert.match(said, /50 % of 3 roles covered/);
  assert.match(said, /success/);
  assert.deepEqual(story(world, world.runs[0], 3), []);
});

test('places are equal for every run, inside the map, and hubs differ', () => {
  const world = open(recording()), place = layout(world);
  assert.ok([...place.x, ...place.y].every((v) => Math.abs(v) < 1.2));
  assert.equal(place.wedges.length, 2);
  assert.equal(nearest(place, place.x[2], place.y[2], 0.1, () => true), 2);
  assert.equal(nearest(place, place.x[2], place.y[2], 0.1, (i) => i !== 2 && i !== 3), -1);
  assert.notEqual(neighbour(place, 0, place.x[2] > place.x[0] ? 1 : -1, 0, () => true), 0);
});

test('who lives when', () => {
  const world = open(recording());
  assert.ok(lives(world, world.runs[0], 1, 11) && !lives(world, world.runs[0], 1, 12));
});

test('bytes in a page come back, and what is damaged is refused in a sentence', async () => {
  const text = JSON.stringify(recording()), back = (bytes) => encode(bytes);
  assert.equal((await unpack(back(gzipSync(text)))).scenario, 's');
  for (const bad of [back(gzipSync(text)).slice(0, -40), 'ä', '\u0000', back(Buffer.from('nothing'))]) await assert.rejects(unpack(bad), Unplayable);
  await assert.rejects(unpack('  '), /no recording/);
  assert.throws(() => parse('{'), Unplayable);
});

test('other versions, other files and worlds too large are refused by name', () => {
  assert.throws(() => check({ ...recording(), version: 7 }), /version 7.*plays version 1/);
  assert.throws(() => check({ hello: 1 }), /not a mobilise recording/);
  assert.throws(() => check({ ...recording(), organisations: { ...recording().organisations, kind: new Array(50000).fill(0) } }), /50,000 organisations.*20,000/);
  const torn = recording();
  torn.runs[0].partnerships.member.pop();
  assert.throws(() => check(torn), /incomplete/);
  assert.throws(() => check({ ...recording(), runs: [] }), /incomplete/);
});

// Every part in turn is taken away or becomes something else; what is then not refused by name must still play.
function* spoilt(value, at = []) {
  if (value && typeof value === 'object') for (const key of Object.keys(value)) yield* spoilt(value[key], [...at, key]);
  if (at.length) for (const other of [undefined, null, -1, 1e9, 0.5, 'x', [], [null], {}]) yield { at, other };
}

test('a recording of another shape is refused in a sentence or plays; nothing in between', () => {
  let refused = 0, played = 0;
  for (const { at, other } of spoilt(recording())) {
    const bad = recording(), last = at.at(-1), home = at.slice(0, -1).reduce((part, key) => part[key], bad);
    home[last] = other;
    try { check(bad); } catch (problem) {
      assert.ok(problem instanceof Unplayable, `${at}: ${problem}`);
      refused++;
      continue;
    }
    const world = open(bad);
    layout(world);
    for (let t = 0; t <= world.quarters; t++) { fingerprint(world, t); sectorMatrix(world, tiesAt(world, world.runs[0], t)); }
    for (let org = 0; org < world.count; org++) for (const line of story(world, world.runs[0], org)) sentences(world, line);
    played++;
  }
  assert.ok(refused > 1000 && played > 100, `${refused} refused, ${played} played`);
});

test('numbers as people read them', () => {
  assert.deepEqual([signed(38.21), signed(-0.0123), signed(0), signed(null)], ['+38.2', '−0.0123', '0', '–']);
  assert.equal(plain(-5), '−5.00');
});

// Base 85 of Python, written here a second time.
function encode(bytes) {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%.()*+-;,=>?@^_`{|}~', pad = (4 - (bytes.length % 4)) % 4;
  const padded = Buffer.concat([bytes, Buffer.alloc(pad)]);
  let out = '';
  for (let i = 0; i < padded.length; i += 4) {
    let n = padded.readUInt32BE(i), five = '';
    for (let k = 0; k < 5; k++) { five = digits[n % 85] + five; n = Math.floor(n / 85); }
    out += five;
  }
  return pad ? out.slice(0, -pad) : out;
}

test('base 85 of a known text', () => {
  assert.equal(new TextDecoder().decode(unbase85(encode(Buffer.from('known partners')))), 'known partners');
});
