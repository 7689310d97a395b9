// The labelled rings on a latent map, and the arrow that joins them. Put before latent_map.js.

const GLIDE = 150; // ms a marker takes to its new place
const RING = 8; // radius in screen pixels
const EDGE = 18; // how far from the edge a marker is drawn that lies outside the view
const PICTURE = 40; // side of a marker's picture in screen pixels

class Markers {
  list = []; // {kind, label, url, to: where it belongs, from: where it set out, since: when}
  awaited = []; // places the hand has put the pick, oldest first, which Python may still answer

  constructor(root) {
    this.group = root.querySelector(".markers");
    this.paths = root.querySelectorAll(".path");
  }

  /** The marker that follows the hand on a map where one can pick. */
  get pick() {
    return this.list.find((marker) => marker.kind === "point");
  }

  /** Take Python's markers; those that were there before glide to their new place. */
  take(incoming, busy, tolerance) {
    const pick = this.pick;
    const list = incoming.map(({ x, y, ...words }, i) => {
      const before = words.kind === "point" ? pick : this.list[i];
      let to = [x, y];
      if (before === pick && pick && (busy || this.isLate(to, tolerance))) to = pick.to;
      if (!before) return { ...words, to, from: to, since: 0 };
      if (near(before.to, to, 0)) return { ...before, ...words };
      return { ...words, to, from: placeOf(before), since: performance.now() };
    });
    if (pick && !list.some((marker) => marker.kind === "point")) list.push(pick); // the page draws none: keep ours
    this.list = list;
  }

  /** Is this the answer to an earlier place of the pick? Then the marker must not jump back to it. */
  isLate(place, tolerance) {
    const answered = this.awaited.findLastIndex((earlier) => near(earlier, place, tolerance));
    const late = answered >= 0 && answered < this.awaited.length - 1;
    if (!late) this.awaited = [];
    return late;
  }

  movePick(to) {
    if (!this.pick) this.list.push({ kind: "point", label: "", url: "", to });
    if (!this.awaited.length) this.awaited.push(this.pick.to);
    this.awaited.push(to);
    if (this.awaited.length > 100) this.awaited.shift();
    Object.assign(this.pick, { from: to, to, since: 0 });
  }

  /** Draw everything at its place of this moment; true while something still glides. */
  draw(view, path) {
    const places = this.list.map((marker) => view.toScreen(placeOf(marker)));
    const held = places.map(([u, v]) => [clamp(u, EDGE, view.width - EDGE), clamp(v, EDGE, view.height - EDGE)]);
    this.group.replaceChildren(...this.list.map((marker, i) => ring(marker, places[i], held, i, view)));
    const d = path ? arrow(held) : "";
    for (const node of this.paths) node.setAttribute("d", d);
    return this.list.some((marker) => progress(marker) < 1);
  }
}

function progress({ since }) {
  return isStill() ? 1 : clamp((performance.now() - since) / GLIDE, 0, 1);
}

function placeOf(marker) {
  const t = 1 - (1 - progress(marker)) ** 3; // quick at first, then settling
  return marker.to.map((value, axis) => marker.from[axis] + t * (value - marker.from[axis]));
}

/** A path from ring to ring, without running into them. */
function arrow(places) {
  return places.slice(1).map((b, i) => {
    const a = places[i];
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    if (length < 2 * RING + 8) return "";
    const [dx, dy] = [0, 1].map((axis) => ((b[axis] - a[axis]) / length) * (RING + 2));
    return `M${a[0] + dx} ${a[1] + dy}L${b[0] - dx} ${b[1] - dy}`;
  }).join("");
}

/** Rings that would cover each other lie one in the other: each later one is so much larger. */
function radiusOf(held, i) {
  return RING + 5 * held.slice(0, i).filter((other) => near(other, held[i], RING)).length;
}

/** The lines of the cross-hair through the whole view, with its two numbers at the rims. */
function crossHair([u, v], [x, y], view) {
  const lines = svg("path", { class: "hair", d: `M${-u} 0H-14M14 0H${view.width - u}M0 ${-v}V-14M0 14V${view.height - v}` });
  const rims = [[x, 0, view.height - v - 16, "middle"], [y, 12 - u, 0, "start"]].map(([number, left, top, anchor]) => {
    const text = svg("text", { class: "rim", x: left, y: top, "text-anchor": anchor });
    text.textContent = (Math.round(number * 100) / 100 || 0).toFixed(2).replace("-", "−");
    const width = 6.4 * text.textContent.length + 12;
    const from = anchor === "start" ? left - 6 : left - width / 2;
    return [svg("rect", { class: "chip", x: from, y: top - 10, width, height: 20, rx: 4 }), text];
  });
  return [lines, ...rims.flat()];
}

function ring({ kind, label, url, to }, place, held, i, view) {
  const [u, v] = held[i];
  const radius = radiusOf(held, i);
  const outside = !near(place, held[i], 0.5);
  const group = svg("g", { class: `${kind}${outside ? " outside" : ""}`, transform: `translate(${u} ${v})` });
  for (const name of ["under", "ring"]) group.append(svg("circle", { class: name, r: radius }));
  if (kind === "point") group.append(...crossHair([u, v], to, view));
  if (outside) {
    const angle = (Math.atan2(place[1] - v, place[0] - u) * 180) / Math.PI;
    group.append(svg("path", { class: "away", d: "M11 -4 15 0 11 4", transform: `rotate(${angle})` }));
  }
  const words = svg("text");
  words.textContent = outside && label ? `${label} (outside)` : label;
  const width = 7.2 * words.textContent.length + (url ? PICTURE + 6 : 0);
  const right = toTheRight(held, i, width, view);
  const start = radius + 6 + (url ? PICTURE + 6 : 0);
  const offArrow = v < view.height / 2 ? 20 : -20; // the arrow to a marker outside comes from where its label is
  const rise = outside ? offArrow : aside(held, i);
  draw(words, { x: right ? start : -start, y: rise, "text-anchor": right ? "start" : "end" });
  if (url) {
    const place = { x: right ? radius + 6 : -radius - 6 - PICTURE, y: rise - PICTURE / 2 };
    group.append(svg("image", { href: appAddress(url), ...place, width: PICTURE, height: PICTURE }));
  }
  group.append(words);
  return group;
}

/** Labels point away from the other markers, unless they would leave the map. */
function toTheRight(held, i, width, view) {
  const others = held.filter((_, j) => j !== i);
  const away = !others.length || held[i][0] >= others.reduce((sum, [u]) => sum + u, 0) / others.length;
  const room = RING + 10 + width;
  if (away) return held[i][0] + room < view.width;
  return held[i][0] - room < 0;
}

/** A label moves up or down when a neighbour's ring or label is at its height. */
function aside(held, i) {
  const [u, v] = held[i];
  const j = held.findIndex((other, k) => k !== i && Math.abs(other[0] - u) < 60 && Math.abs(other[1] - v) < 20);
  if (j < 0) return 0;
  const below = v - held[j][1] || i - j;
  return below > 0 ? 11 : -11;
}
