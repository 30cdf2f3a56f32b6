// Plots, as SVG. The newest value is at the right; what is not known yet is left out at the left.

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 150;
const HEIGHT = 30;

function element(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function plot(label, ...shapes) {
  return element('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    element('line', { class: 'ground', x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT }), ...shapes);
}

/** The points of a line. */
const points = (values, most) => values.map((value, i) => `${WIDTH - values.length + 1 + i},${(HEIGHT * (1 - value / most)).toFixed(2)}`);

/** A line with what is under it. */
export function line(label, values) {
  const most = Math.max(1, ...values);
  const along = points(values, most);
  const ground = `${WIDTH},${HEIGHT} ${WIDTH - values.length + 1},${HEIGHT}`;
  return plot(`${label}: ${values.at(-1) ?? 0} now, ${Math.max(0, ...values)} at most`,
    element('polygon', { class: 'area', points: `${along.join(' ')} ${ground}` }),
    element('polyline', { class: 'line', points: along.join(' ') }));
}

/** Two amounts, one upon the other. */
export function stack(label, lower, upper, classes) {
  const both = lower.map((value, i) => value + upper[i]);
  const most = Math.max(1, ...both);
  const ground = `${WIDTH},${HEIGHT} ${WIDTH - both.length + 1},${HEIGHT}`;
  const between = points(lower, most);
  return plot(label,
    element('polygon', { class: classes[0], points: `${between.join(' ')} ${ground}` }),
    element('polygon', { class: classes[1], points: `${points(both, most).join(' ')} ${[...between].reverse().join(' ')}` }));
}

/** A share of the most. */
export function bar(label, value, most) {
  return element('svg', { class: 'bar', viewBox: '0 0 100 10', preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    element('rect', { width: Math.max(value && 1, (100 * value) / most), height: 10, rx: 1 }));
}
