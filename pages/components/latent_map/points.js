// The points of a latent map: fetched once for all maps of the page, searched through a grid, stamped on a canvas.
// Put before latent_map.js.

// Ten colours each, so chosen that any two stay apart (CIEDE2000 of 14 and more) to eyes with all three kinds of
// cones as to those that lack one (Machado 2009).
const LIGHT = "#2079f5 #ec4a78 #464a44 #b3b01a #1eb8ea #7a206c #a1a2a8 #98700a #0a0aea #891c0a".split(" ");
const DARK = "#1ab0f7 #e9dbc1 #37740a #b0f057 #1df5f4 #c11e6b #81849a #9d9b0a #3e59dc #c98784".split(" ");
const CELLS = 96; // the grid has as many rows and columns
const ROUND = 4; // cells to each side of a point: what is round it
const TRIED = 120; // points of a class, when a place for its name is sought

const fetched = new Map(); // address -> promise of Points

/** The points at `url`; a failure is forgotten, so that the next rerun tries again. */
function fetchPoints(url) {
  const address = appAddress(url);
  if (!fetched.has(address)) {
    const points = fetch(address).then(async (answer) => {
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      return new Points(await answer.arrayBuffer());
    });
    points.catch(() => fetched.delete(address));
    fetched.set(address, points);
  }
  return fetched.get(address);
}

class Points {
  /** uint32 count, count * (float32 x, float32 y), count * uint8 class; little-endian. */
  constructor(buffer) {
    this.count = buffer.byteLength >= 4 ? new DataView(buffer).getUint32(0, true) : 0;
    if (!this.count || buffer.byteLength !== 4 + 9 * this.count) throw new Error("not a file of points");
    this.xy = new Float32Array(buffer, 4, 2 * this.count);
    this.classes = new Uint8Array(buffer, 4 + 8 * this.count, this.count);
    this.buildGrid();
  }

  /** Counting sort of the points by cell: those of cell c are order[start[c]] .. order[start[c + 1] - 1]. */
  buildGrid() {
    const { xy, count } = this;
    this.low = [Infinity, Infinity];
    this.high = [-Infinity, -Infinity];
    xy.forEach((value, i) => {
      this.low[i & 1] = Math.min(this.low[i & 1], value);
      this.high[i & 1] = Math.max(this.high[i & 1], value);
    });
    const cellOf = ([x, y]) => this.column(0, x) + CELLS * this.column(1, y);
    const cells = Uint16Array.from({ length: count }, (_, i) => cellOf(this.at(i)));
    this.start = new Uint32Array(CELLS * CELLS + 1);
    for (const cell of cells) this.start[cell + 1]++;
    for (let cell = 0; cell < CELLS * CELLS; cell++) this.start[cell + 1] += this.start[cell];
    const next = this.start.slice();
    this.order = new Uint32Array(count);
    cells.forEach((cell, i) => (this.order[next[cell]++] = i));
  }

  column(axis, value) {
    const share = (value - this.low[axis]) / (this.high[axis] - this.low[axis] || 1);
    return clamp(Math.floor(share * CELLS), 0, CELLS - 1);
  }

  at(i) {
    return [this.xy[2 * i], this.xy[2 * i + 1]];
  }

  /** The box (left, right, bottom, top) round everything within `reach` of a point. */
  land(reach) {
    const [[left, bottom], [right, top]] = [this.low, this.high];
    return [left - reach, right + reach, bottom - reach, top + reach];
  }

  /** The nearest point within `reach` of (x, y) whose class is visible, or -1. */
  nearest([x, y], reach, visible) {
    let [best, least] = [-1, reach * reach];
    const [left, right] = [this.column(0, x - reach), this.column(0, x + reach)];
    for (let row = this.column(1, y - reach); row <= this.column(1, y + reach); row++) {
      for (let k = this.start[row * CELLS + left]; k < this.start[row * CELLS + right + 1]; k++) {
        const i = this.order[k];
        const distance = (this.xy[2 * i] - x) ** 2 + (this.xy[2 * i + 1] - y) ** 2;
        if (distance < least && visible(this.classes[i])) [best, least] = [i, distance];
      }
    }
    return best;
  }

  /** A place beside a point whose class is visible, by lot: within a thirtieth of the map; null where none is. */
  byChance(visible, lot = Math.random) {
    const seen = this.order.filter((i) => visible(this.classes[i]));
    if (!seen.length) return null;
    const reach = (this.high[0] - this.low[0]) / 30;
    return this.at(seen[Math.floor(lot() * seen.length)]).map((value) => value + reach * (2 * lot() - 1));
  }

  /** Where to write a class's name: at that of some of its points which has most of its kind round it, those of others
   * counted against it; null for a class without points. */
  middle(k) {
    const members = this.order.filter((i) => this.classes[i] === k);
    const some = members.filter((_, n) => n % Math.ceil(members.length / TRIED) === 0);
    const kinds = Array.from(some, (i) => this.ownRound(i));
    return some.length ? this.at(some[kinds.indexOf(Math.max(...kinds))]) : null;
  }

  /** How many points of its class there are round point i, less about half of the others there. */
  ownRound(i) {
    const [column, row] = this.at(i).map((value, axis) => this.column(axis, value));
    const [left, right] = [Math.max(0, column - ROUND), Math.min(CELLS - 1, column + ROUND)];
    let sum = 0;
    for (let near = Math.max(0, row - ROUND); near <= Math.min(CELLS - 1, row + ROUND); near++) {
      const there = this.order.subarray(this.start[near * CELLS + left], this.start[near * CELLS + right + 1]);
      for (const other of there) sum += this.classes[other] === this.classes[i] ? 1 : -0.55;
    }
    return sum;
  }

  /** Stamp every visible point as a dot of `radius` screen pixels; the canvas has `density` pixels for each. */
  stamp(pen, view, density, radius, colours, visible) {
    const { width, height } = pen.canvas;
    const stamps = colours.map((colour) => dot(colour, radius * density));
    const half = stamps[0].width / 2;
    for (let i = 0; i < this.count; i++) {
      if (!visible(this.classes[i])) continue;
      const [u, v] = view.toScreen(this.at(i));
      const [x, y] = [u * density - half, v * density - half];
      if (x < -2 * half || y < -2 * half || x > width || y > height) continue;
      pen.drawImage(stamps[this.classes[i] % stamps.length], x, y);
    }
  }
}

/** One dot on a canvas of its own: stamping it ten thousand times is much faster than drawing as many circles. */
function dot(colour, radius) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 2 * Math.ceil(radius + 1);
  const pen = canvas.getContext("2d");
  pen.globalAlpha = 0.8;
  pen.fillStyle = colour;
  pen.arc(canvas.width / 2, canvas.width / 2, radius, 0, 2 * Math.PI);
  pen.fill();
  return canvas;
}

/** The palette for a background given as a CSS colour. */
function paletteOn(background) {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  pen.fillStyle = background;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return 0.3 * red + 0.59 * green + 0.11 * blue > 127 ? LIGHT : DARK;
}
