// The plane: closeness to the right, sharpness up in powers of two. Its axes keep their range whatever is shown.

const X_RANGE = [11, 18.5]; // dB
const Y_RANGE = [0.1, 2.6];
const WIDE = 520;
const HIGH = 400;
const EDGE = { left: 48, right: 14, top: 10, bottom: 30 };

const across = (closeness) =>
  EDGE.left + ((WIDE - EDGE.left - EDGE.right) * (clamp(closeness, ...X_RANGE) - X_RANGE[0])) / (X_RANGE[1] - X_RANGE[0]);
const down = (sharpness) =>
  EDGE.top +
  ((HIGH - EDGE.top - EDGE.bottom) * Math.log(Y_RANGE[1] / clamp(sharpness, ...Y_RANGE))) / Math.log(Y_RANGE[1] / Y_RANGE[0]);

function text(x, y, said, more = {}) {
  const node = svg("text", { x, y, ...more });
  node.textContent = said;
  return node;
}

/** Everything but the visitor's own point. */
function drawPlane(plane, { places, trail, points, words }, count) {
  plane.setAttribute("viewBox", `0 0 ${WIDE} ${HIGH}`);
  plane.setAttribute("aria-label", words.plane);
  const ground = HIGH - EDGE.bottom;
  const nodes = [svg("rect", { x: EDGE.left, y: EDGE.top, width: WIDE - EDGE.left - EDGE.right, height: ground - EDGE.top, class: "ground", rx: 4 })];
  for (const level of [0.125, 0.25, 0.5, 1, 2]) {
    nodes.push(svg("path", { d: `M${EDGE.left} ${down(level)}H${WIDE - EDGE.right}`, class: level === 1 ? "whole" : "level" }));
    nodes.push(text(EDGE.left - 6, down(level) + 4, `${level * 100}%`, { "text-anchor": "end" }));
  }
  for (let decibels = 12; decibels <= 18; decibels += 2) {
    nodes.push(text(across(decibels), ground + 18, decibels === 18 ? `${decibels} dB` : `${decibels}`, { "text-anchor": "middle" }));
  }
  nodes.push(text(WIDE - EDGE.right - 8, EDGE.top + 18, words.up, { "text-anchor": "end" }));
  nodes.push(text(WIDE - EDGE.right - 8, ground - 8, words.right, { "text-anchor": "end" }));
  nodes.push(text(WIDE - EDGE.right - 8, down(1) - 6, words.photograph, { "text-anchor": "end" }));
  nodes.push(svg("path", { d: line(trail.map(([x, y]) => [across(x), down(y)])), class: "trail" }));
  for (let bit = 0; bit < count; bit++) {
    const [x, y] = places[2 ** bit];
    nodes.push(svg("circle", { cx: across(x), cy: down(y), r: 4, class: "single" }));
  }
  for (const { name, colour, closeness, sharpness } of points) {
    const [x, y] = [across(closeness), down(sharpness)];
    const out = closeness < X_RANGE[0];
    const dot = svg("circle", { cx: x, cy: y, r: 5 });
    dot.style.fill = colour;
    nodes.push(dot, text(x > WIDE - 130 ? x - 9 : x + 9, out ? y - 10 : y + 4, out ? `‹ ${name}, ${closeness.toFixed(1)} dB` : name, { "text-anchor": x > WIDE - 130 ? "end" : "start" }));
  }
  nodes.push(svg("path", { class: "drop" }), svg("circle", { r: 9, class: "you" }));
  plane.replaceChildren(...nodes);
}

function movePoint(plane, [x, y]) {
  const [px, py] = [across(x), down(y)];
  draw(plane.querySelector(".you"), { cx: px, cy: py });
  draw(plane.querySelector(".drop"), { d: `M${EDGE.left} ${py}H${px}V${HIGH - EDGE.bottom}` });
}
