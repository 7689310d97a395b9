// Which part of the plane a latent map shows. Put before latent_map.js.

const DEEPEST = 40; // times the whole map
const MARGIN = 8; // screen pixels around the whole map

/** One scale for both axes: a distance means the same in every direction. */
class View {
  zoom = 1; // 1 shows the whole extent
  x = 0; // in the middle of the view, in data units
  y = 0;
  width = 1; // of the view, in screen pixels
  height = 1;

  get scale() {
    return this.zoom * this.farthest;
  }

  /** The scale that shows the whole map. */
  get farthest() {
    const [left, right, bottom, top] = this.whole;
    const [across, up] = [this.width - 2 * MARGIN, this.height - 2 * MARGIN];
    return Math.min(across / (right - left), up / (top - bottom));
  }

  /** What the view shows at zoom 1, to its rims: the whole map and, in a frame of another shape, what lies beside it. */
  get frame() {
    const [left, right, bottom, top] = this.whole;
    const [across, up] = [this.width, this.height].map((side) => side / this.farthest / 2);
    const [x, y] = [(left + right) / 2, (bottom + top) / 2];
    return [x - across, x + across, y - up, y + up];
  }

  toScreen = ([x, y]) => [this.width / 2 + (x - this.x) * this.scale, this.height / 2 - (y - this.y) * this.scale];
  toData = ([u, v]) => [this.x + (u - this.width / 2) / this.scale, this.y - (v - this.height / 2) / this.scale];

  inside([x, y]) {
    const [left, right, bottom, top] = this.extent;
    return [clamp(x, left, right), clamp(y, bottom, top)];
  }

  /** Show everything. extent: within which a place may lie; whole: what zoom 1 shows of it. */
  reset(extent = this.extent, whole = this.whole) {
    const [left, right, bottom, top] = whole;
    Object.assign(this, { extent, whole, zoom: 1, x: (left + right) / 2, y: (bottom + top) / 2 });
  }

  /** Zoom by `factor`; what lies at the screen point `at` stays there. */
  zoomBy(factor, at = [this.width / 2, this.height / 2]) {
    const before = this.toData(at);
    this.zoom = clamp(this.zoom * factor, 1, DEEPEST);
    const after = this.toData(at);
    this.shift(before[0] - after[0], before[1] - after[1]);
  }

  /** Move the view in data units, never so far that the whole map leaves it. */
  shift(dx, dy) {
    const [left, right, bottom, top] = this.whole;
    const hidden = 1 - 1 / this.zoom; // none when the whole map is in view
    const held = (value, low, high) => {
      const [middle, room] = [(low + high) / 2, (hidden * (high - low)) / 2];
      return clamp(value, middle - room, middle + room);
    };
    this.x = held(this.x + dx, left, right);
    this.y = held(this.y + dy, bottom, top);
  }
}
