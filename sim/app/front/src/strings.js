// Every English sentence of the page. A class translates this file and builds again.
export const S = {
  title: 'mobilise replay',
  play: 'Play', pause: 'Pause', back: 'One quarter back', forward: 'One quarter on',
  restart: 'To the start', speed: 'Speed', quarter: (t, n) => `Quarter ${t} of ${n}`,
  start: 'the start: both share all that came before',
  scrub: 'Quarter', views: 'View', sides: 'Side by side', difference: 'Difference', matrix: 'Sectors',
  projector: 'Projector', projectorHint: 'Larger and calmer, for the back of the room (P)',
  theme: 'Light or dark', drawer: 'Panel',
  tabs: { story: 'Story', list: 'List', levers: 'Levers', legend: 'Legend', lesson: 'Lesson' },
  ties: (n) => `${n.toLocaleString('en')} ties`,
  tiesOnly: (n, only) => `${n.toLocaleString('en')} ties, ${only.toLocaleString('en')} only here`,
  tiesNot: (n, only, where) => `${n.toLocaleString('en')} ties, ${only.toLocaleString('en')} not under ${where}`,
  sideCounts: (bits, one, other) => [[1, `only ${one}`], [2, `only ${other}`], [3, 'both']].map(([bit, where]) => `${bits.filter((b) => b === bit).length.toLocaleString('en')} ${where}`).join(', '),
  matrixInstead: (n) => `${n.toLocaleString('en')} ties are too many to see as lines: counted by sector instead.`,
  filtered: (words) => `Only some ties are shown: ${words.join(', ')}.`, toFilter: 'Filter', pageBack: 'Earlier organisations', pageOn: 'Later organisations', pageOf: (a, b, n) => `Organisations ${a.toLocaleString('en')} to ${b.toLocaleString('en')} of ${n.toLocaleString('en')} alive`,
  both: 'both', onlyIn: (name) => `only ${name}`, shared: 'under both',
  unitNet: 'kEUR per organisation',
  chartOf: { net: 'Net value, summed', ties: 'Ties alive', trust: 'Trust in teams', repeat: 'Repeat pairs', work: 'Cost of working together', search: 'Cost of search', won: 'Successes' },
  chartUnit: { net: 'kEUR per organisation', ties: 'ties', trust: '0 to 1', repeat: 'share of pairs', work: 'kEUR per organisation, per quarter', search: 'kEUR per organisation, per quarter', won: 'share of endings' },
  chartChoice: 'Chart', plotLabel: (name) => `${name}, by quarter. The numbers stand in the panel List.`, numbers: (name) => `Numbers of the chart: ${name}`, bySector: 'Numbers of the picture: ties by sector', between: (i, j) => (i === j ? `inside ${i}` : `${i} and ${j}`), tieUnit: 'ties', chartQuarter: 'Quarter',
  verdict: (a, b, all, verdict, unit) => (verdict === 'cannot be told apart' ? `${a} and ${b} cannot be told apart: ${all} ${unit}` : verdict === 'no difference that matters' ? `${a} and ${b} differ by nothing that matters: ${all} ${unit}` : `${a} against ${b}: ${all} ${unit}`),
  versus: (a, b) => `${a} against ${b}`,
  among: (led, n, futures, world, rank, gap) => [`Ahead in ${led} of ${n} worlds${futures ? ` and ${futures[0]} of ${futures[1]} plausible futures` : ''}.`, `You watch world ${world}${rank ? `, ${rank}` : ''} (${gap}).`],
  rankWords: (q) => (q < 0.1 ? 'one of its worst' : q < 0.35 ? 'a poor one for it' : q <= 0.65 ? 'an average one' : q <= 0.9 ? 'a good one for it' : 'one of its best'),
  oneWorld: (a, b, gap, unit) => `Here ${a} ends ${gap.slice(1)} ${unit} ${gap.startsWith('−') ? 'behind' : 'ahead of'} ${b}`, proves: 'This is one world; one world proves nothing.', branched: (c, at, gap, unit, a) => `${c}, changed from Q${at}, ends ${gap.slice(1)} ${unit} ${gap.startsWith('−') ? 'behind' : 'ahead of'} ${a}.`,
  alone: (a, net, unit) => `${a} ends at ${net} ${unit}.`,
  stripLabel: (k, n) => `Difference in each of ${n} paired worlds; ${k} above zero; the ring marks the one you watch.`, stripHint: 'one mark a world; line: no difference',
  tiesNotAll: (n, only) => `${n.toLocaleString('en')} ties, ${only.toLocaleString('en')} not under all`,
  chosen: (i, who) => `Organisation ${i} chosen: ${who}; its story is beside the picture`,
  organisation: (i) => `Organisation ${i}`,
  who: (kind, sector, cluster) => `${kind}, sector ${sector}, cluster ${cluster}`,
  whoAlone: (kind, sector) => `${kind}, sector ${sector}, no cluster`,
  pick: 'Click an organisation, or choose one here:', pickNumber: 'Organisation', show: 'Show',
  busiest: 'Most partners now', partners: 'partners',
  notThere: 'does not live in this run', bornIn: (q) => `born in quarter ${q}`, diedIn: (q) => `closed in quarter ${q}`,
  nothing: 'No partnerships yet.', noPartners: 'alone',
  formed: (q, ways) => `formed with ${ways}`, through: { known: 'known before', partners_of_partners: 'through a partner', own_cluster: 'own cluster', bridged_clusters: 'across a bridge', open_call: 'open call', directory: 'directory', renewed: 'kept from before', self: 'began it' },
  because: (term) => `chosen most for ${term}`, led: 'led it', newcomer: 'its first ever', see: 'See',
  covered: (p, n) => `${p} % of ${n} roles covered`, declined: (n) => `${n} declined`, busy: (n) => `${n} had no time`,
  trustMoved: (a, b) => `trust ${a} → ${b}`, renewed: 'team kept for another', running: 'running',
  reasons: { none: 'running', success: 'success', failure: 'failed', distrust: 'left in distrust', costs: 'costs ate the gain', hazard: 'broken by chance', death: 'a member closed', role_lost: 'a role found nobody', too_few: 'too few were left', parallel_done: 'done, side by side', shock: 'shock' },
  leftEarly: (q, why) => `left in quarter ${q}: ${why}`, fromTo: (a, b) => (b ? `Q${a}–${b}` : `since Q${a}`), before: 'before',
  lifelines: (name) => `Life-lines under ${name}`,
  filters: 'Filters', sector: 'Sector', allSectors: 'all sectors', sectorN: (n) => `sector ${n}`, tiesShown: 'Ties',
  tieKinds: { all: 'all alive', working: 'at work now', across: 'across clusters', old: 'two years or older' }, minTrust: 'Trust at least', clear: 'Clear',
  leverIntro: 'What each policy does, line by line; what differs is marked.',
  change: 'Change and continue from here', go: (t) => `Continue from Q${t}`, changeHint: 'A third run shares the past up to this quarter, then follows your change.', changeProgrammes: 'Public programmes that your policy is without make no more calls; what they promised is paid. None begins that this world did not have.',
  changed: (at) => `changed from Q${at}`, working: 'The world is being run…', policyLever: 'Policy', reset: 'Start again',
  legend: {
    kinds: 'Shapes', sme: 'firm', cluster_organisation: 'cluster organisation (hub)', research: 'research', large: 'large firm', public: 'public body',
    ties: 'Ties', thick: 'thicker: older', strong: 'stronger: more trust', work: 'solid: at work now', memory: 'dashed: worked together in the last two years',
    inDifference: (one, other) => `Solid only ${one}, dashed only ${other}, dotted both.`,
    events: 'On the time line', shock: 'upright bar: shock', programme: 'lying bar: a programme starts or ends', branch: 'diamond: change',
    lines: 'Life-lines', ring: 'ring: success', cross: 'cross: ended otherwise', led: 'thick: led it', pale: 'pale: still to come',
    matrix: 'Each cell counts the ties between two sectors; the darker, the more.', inMatrix: (one, other) => `A plus: more under ${one}; a minus: more under ${other}.`,
    places: 'Every organisation has the same place under each policy: a wedge is the main sector of a cluster, a hub its organisation.',
    keys: 'Keys', keyList: [['Space', 'play or pause'], ['← →', 'one quarter back, on'], ['Home End', 'start, end'], ['+ −', 'faster, slower'], ['V', 'next view'], ['P', 'projector'], ['O', 'choose an organisation'], ['D', 'light or dark'], ['Esc', 'nothing chosen']],
  },
  events: { shock: 'Shock', programme: 'Programme', branch: 'Change' },
  state: (t, n, parts) => `${t === 0 ? 'Start' : `Quarter ${t} of ${n}`}. ${parts.join('; ')}.`,
  stateRun: (name, ties, net) => `${name}: ${ties} ties, ${net} kEUR per organisation so far`,
  canvasHelp: 'Arrow keys move from organisation to organisation, Enter shows its story.',
  lesson: { predict: 'Predict', run: 'Watch', reveal: 'Reveal', explain: 'Explain', check: 'Check my guess', right: 'As you said', wrong: 'Not as you said', answer: 'Answer', next: 'Next', back: 'One step back', step: (k, n) => `Step ${k} of ${n}`, locked: 'Commit to a guess first, then watch.',
    world: (world, others, ordinary) => (ordinary ? `World ${world}, of ${others + 1} the one whose answers agree most with the rest.` : `World ${world}, chosen by hand; ${others} others were asked the same.`) },
  lost: 'The connection to the computer that runs the world is lost. What you see can still be played; reload the page to go on changing it.',
  errors: {
    empty: 'This file holds no recording.', torn: 'This recording is cut short or damaged: it cannot be unpacked. Make it again with mobilise replay.',
    json: 'This recording is not readable. Make it again with mobilise replay.', format: 'This file is not a mobilise recording.',
    version: (v, ours) => `This recording is of version ${JSON.stringify(v)}; this page plays version ${ours}. Make it again with the mobilise that you have now.`,
    shape: (what) => `This recording is incomplete (${what}). Make it again with mobilise replay.`, old: 'This browser is too old to unpack the recording; use one from 2023 or later.',
    large: (n, most) => `${n.toLocaleString('en')} organisations are too many for this page; it shows at most ${most.toLocaleString('en')}.`,
    other: 'This page could not draw the recording. Reload it; if that does not help, make it again with mobilise replay.',
  },
};
export const say = (name) => String(name).replaceAll('_', ' ');
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
export function signed(x, digits = 3) {
  if (x === null || !Number.isFinite(x)) return '–';
  const text = plain(Math.abs(x), digits);
  return Number(text.replaceAll(',', '')) === 0 ? text : (x < 0 ? '−' : '+') + text;
}
export function plain(x, digits = 3) {
  if (x === null || !Number.isFinite(x)) return '–';
  const places = x === 0 ? 0 : Math.min(4, Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(x)))));
  return x.toLocaleString('en', { minimumFractionDigits: places, maximumFractionDigits: places }).replace('-', '−');
}
