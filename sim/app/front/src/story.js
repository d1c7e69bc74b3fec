// The story of one organisation under one run: its partnerships as life-lines, in words and numbers.
import { S, say } from './strings.js';
import { FOREVER, LEVELS } from './state.js';

export function story(world, run, org) {
  const width = world.quarters + 1, lines = [];
  for (const team of run.teams) {
    const mine = team.seats.find((seat) => seat.org === org);
    if (mine && team.seats.length > 1) lines.push(lifeline(world, run, team, mine, width));
  }
  return lines;
}

function lifeline(world, run, team, mine, width) {
  const others = team.seats.filter((seat) => seat.org !== mine.org && seat.left > mine.joined - 1);
  const from = Math.max(0, Math.min(world.quarters, mine.joined)), until = Math.min(world.quarters, Math.max(from, mine.left - 1));
  const reason = say(world.words.reasons[mine.why || team.reason]);
  return { team: team.row, id: team.id, from: mine.joined, to: mine.left, ended: mine.left !== FOREVER, left: Boolean(mine.why), won: Boolean(team.won) && !mine.why, reason: world.words.reasons[mine.why || team.reason], reasonText: reason, led: team.lead === mine.org, others, coverage: team.coverage, roles: team.roles, declined: team.declined, busy: team.busy, renewed: Boolean(team.renewed), renewal: Boolean(team.renewal), newcomer: Boolean(mine.newcomer), source: world.words.sources[mine.source], term: world.words.terms[mine.term], trust: [meanTrust(world, run, mine.org, others, from, width), meanTrust(world, run, mine.org, others, until, width)] };
}

function meanTrust(world, run, org, others, t, width) {
  let sum = 0, n = 0;
  for (const { org: other } of others) {
    const k = run.ties.number.get(Math.min(org, other) * 65536 + Math.max(org, other));
    if (k !== undefined) { sum += run.trust[k * width + t] / LEVELS; n++; }
  }
  return n ? sum / n : null;
}

export function sentences(world, line) {
  const once = line.others.filter((seat, k, all) => all.findIndex((earlier) => earlier.org === seat.org) === k); // who left may have come back
  const names = once.map((seat) => `${seat.org}${seat.source !== undefined && world.words.sources[seat.source] !== 'self' && line.led ? ` (${S.through[world.words.sources[seat.source]] ?? say(world.words.sources[seat.source])})` : ''}`);
  const said = [S.formed(line.from, names.length ? names.join(', ') : S.noPartners)];
  if (line.led) said.push(S.led); else said.push(`${S.through[line.source] ?? say(line.source)}${line.term ? `, ${S.because(say(line.term))}` : ''}`);
  said.push(S.covered(Math.round(line.coverage * 100), line.roles));
  if (line.led && line.declined) said.push(S.declined(line.declined));
  if (line.led && line.busy) said.push(S.busy(line.busy));
  if (line.newcomer) said.push(S.newcomer);
  if (line.trust[0] !== null) said.push(S.trustMoved(line.trust[0].toFixed(2), line.trust[1].toFixed(2)));
  if (line.ended) said.push(line.left ? S.leftEarly(line.to, S.reasons[line.reason] ?? line.reasonText) : S.reasons[line.reason] ?? line.reasonText);
  if (line.renewed) said.push(S.renewed);
  return said;
}
