// Where organisations sit: sectors are wedges, clusters are hubs in them; the same for every policy.
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

export function layout(world) {
  const { kind, cluster } = world.organisations, hubs = world.clusters, count = hubs.sector.length;
  const order = Array.from({ length: count }, (_, c) => c).sort((a, b) => hubs.sector[a] - hubs.sector[b] || a - b);
  const place = new Array(count), wedges = [];
  order.forEach((c, k) => {
    const angle = -Math.PI / 2 + (2 * Math.PI * (k + 0.5)) / count, ring = count > 12 && k % 2 ? 0.6 : 0.82;
    place[c] = { x: ring * Math.cos(angle), y: ring * Math.sin(angle) };
    const last = wedges.at(-1), half = Math.PI / count;
    if (last && last.sector === hubs.sector[c]) last.to = angle + half;
    else wedges.push({ sector: hubs.sector[c], from: angle - half, to: angle + half });
  });
  const sizes = new Array(count).fill(0), x = new Float64Array(world.count), y = new Float64Array(world.count);
  for (let i = 0; i < world.count; i++) if (cluster[i] >= 0) sizes[cluster[i]]++;
  const largest = Math.max(1, ...sizes), reach = Math.min(0.34, (count > 12 ? 1.5 : 0.78) * Math.sin(Math.PI / Math.max(count, 4)));
  const seen = new Array(count).fill(0);
  let loose = 0;
  for (let i = 0; i < world.count; i++) {
    const c = cluster[i];
    if (c < 0) {
      const angle = GOLDEN * loose, far = 0.34 * Math.sqrt((loose++ % 200) / 200);
      x[i] = far * Math.cos(angle); y[i] = far * Math.sin(angle);
    } else if (kind[i] === 1) { x[i] = place[c].x; y[i] = place[c].y; } else {
      const rank = ++seen[c], far = reach * Math.sqrt(sizes[c] / largest) * Math.sqrt((rank + 0.4) / Math.max(sizes[c], 8));
      x[i] = place[c].x + far * Math.cos(GOLDEN * rank); y[i] = place[c].y + far * Math.sin(GOLDEN * rank);
    }
  }
  return { x, y, wedges };
}

export function nearest(at, px, py, within, there) {
  let best = -1, closest = within * within;
  for (let i = 0; i < at.x.length; i++) {
    const far = (at.x[i] - px) ** 2 + (at.y[i] - py) ** 2;
    if (far < closest && there(i)) { best = i; closest = far; }
  }
  return best;
}

// The next organisation in a direction: least distance, with going astray counted double.
export function neighbour(at, from, dx, dy, there) {
  let best = from, least = Infinity;
  for (let i = 0; i < at.x.length; i++) {
    const along = (at.x[i] - at.x[from]) * dx + (at.y[i] - at.y[from]) * dy, aside = Math.abs((at.x[i] - at.x[from]) * dy - (at.y[i] - at.y[from]) * dx);
    if (along > 1e-9 && aside <= along * 2 && along + 2 * aside < least && there(i)) { best = i; least = along + 2 * aside; }
  }
  return best;
}
