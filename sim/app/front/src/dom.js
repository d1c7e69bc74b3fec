// The smallest helper for building pages: text is set as text, never as markup.
export function el(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'class') node.className = value;
    else if (name === 'value' || name === 'checked' || name === 'disabled' || name === 'selected') node[name] = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// Icons of the transport bar, drawn here because fonts differ.
const ICONS = { restart: 'M3 3h3v12H3zM16 3v12L7 9z', back: 'M13 3v12L4 9z', play: 'M4 2v14l11-7z', pause: 'M4 2h4v14H4zM10 2h4v14h-4z', forward: 'M5 3v12l9-6z' };
export const icon = (name) => svg('svg', { viewBox: '0 0 18 18', 'aria-hidden': 'true' }, svg('path', { d: ICONS[name] }));

export function svg(tag, given = {}, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(given)) node.setAttribute(name, value);
  node.append(...children.flat());
  return node;
}
