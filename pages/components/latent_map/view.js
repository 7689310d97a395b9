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
    const [left, right, bottom, top] = this.extent;
    const [across, up] = [this.width - 2 * MARGIN, this.height - 2 * MARGIN];
    return this.zoom * Math.min(across / (right - left), up / (top - bottom));
  }

  toScreen = ([x, y]) => [this.width / 2 + (x - this.x) * this.scale, this.height / 2 - (y - this.y) * this.scale];
  toData = ([u, v]) => [this.x + (u - this.width / 2) / this.scale, this.y - (v - this.height / 2) / this.scale];

  inside([x, y]) {
    const [left, right, bottom, top] = this.extent;
    return [clamp(x, left, right), clamp(y, bottom, top)];
  }

  reset(extent = this.extent) {
    const [left, right, bottom, top] = extent;
    Object.assign(this, { extent, zoom: 1, x: (left + right) / 2, y: (bottom + top) / 2 });
  }

  /** Zoom by `factor`; what lies at the screen point `at` stays there. */
  zoomBy(factor, at = [this.width / 2, this.height / 2]) {
    const before = this.toData(at);
    this.zoom = clamp(this.zoom * factor, 1, DEEPEST);
    const after = this.toData(at);
    this.shift(before[0] - after[0], before[1] - after[1]);
  }

  /** Move the view in data units, never so far that the extent leaves it. */
  shift(dx, dy) {
    const [left, right, bottom, top] = this.extent;
    const hidden = 1 - 1 / this.zoom; // none when the whole map is in view
    const held = (value, low, high) => {
      const [middle, room] = [(low + high) / 2, (hidden * (high - low)) / 2];
      return clamp(value, middle - room, middle + room);
    };
    this.x = held(this.x + dx, left, right);
    this.y = held(this.y + dy, bottom, top);
  }
}
