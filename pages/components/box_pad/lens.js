// Which part of its picture a pad shows: zoomed by wheel, keys or two fingers, moved by them or the right or middle
// button. Put before pad.js.

const NEAREST = 8; // times the whole picture

class Lens {
  zoom = 1;
  x = 0; // left and top of what is shown, in picture pixels
  y = 0;
  size = 1; // of the whole picture
  hands = new Map(); // pointer id -> where it is, in shares of the pad's side
  busy = false; // two fingers or another button are at work, and until all have left nothing is drawn

  get side() {
    return this.size / this.zoom;
  }

  get box() {
    return [this.x, this.y, this.side, this.side];
  }

  /** Where a place of the pad, in shares of its side, lies in the picture. */
  toPicture = ([u, v]) => [this.x + u * this.side, this.y + v * this.side];

  /** Zoom by `factor`; what lies at that place of the pad stays there. */
  zoomBy(factor, at = [0.5, 0.5]) {
    const before = this.toPicture(at);
    this.zoom = clamp(this.zoom * factor, 1, NEAREST);
    const after = this.toPicture(at);
    this.shift(before[0] - after[0], before[1] - after[1]);
  }

  /** Move what is shown by picture pixels, never beyond the picture. */
  shift(dx, dy) {
    const most = this.size - this.side;
    [this.x, this.y] = [clamp(this.x + dx, 0, most), clamp(this.y + dy, 0, most)];
  }

  /** Where a pointer is, in shares of the pad's side. */
  at(event) {
    return placeIn(this.picture, event).map((value) => value / this.picture.getBoundingClientRect().width);
  }

  // -- hands: listen before the pad does

  listen(picture, { taken, moved }) {
    this.picture = picture;
    const at = (event) => this.at(event);
    const drop = (event) => {
      this.hands.delete(event.pointerId);
      this.busy &&= this.hands.size > 0;
    };
    picture.addEventListener("pointerdown", (event) => {
      this.hands.set(event.pointerId, at(event));
      if (this.busy || (this.hands.size < 2 && !event.button)) return;
      this.busy = true;
      picture.setPointerCapture(event.pointerId);
      event.preventDefault(); // the middle button would scroll
      taken();
    });
    picture.addEventListener("pointermove", (event) => {
      const before = this.hands.get(event.pointerId);
      if (!before) return;
      const now = at(event);
      this.hands.set(event.pointerId, now);
      if (!this.busy) return;
      const others = [...this.hands].filter(([id]) => id !== event.pointerId);
      const part = 1 / this.hands.size; // of two fingers each moves the middle by half
      this.shift(-(now[0] - before[0]) * part * this.side, -(now[1] - before[1]) * part * this.side);
      if (others.length === 1) {
        const [, other] = others[0];
        const [was, is] = [before, now].map((place) => Math.hypot(place[0] - other[0], place[1] - other[1]));
        this.zoomBy(is / Math.max(was, 0.01), now.map((value, axis) => (value + other[axis]) / 2));
      }
      moved();
    });
    for (const end of ["pointerup", "pointercancel"]) picture.addEventListener(end, drop);
    picture.addEventListener("contextmenu", (event) => this.zoom > 1 && event.preventDefault());
    const wheel = (event) => {
      if (event.deltaY > 0 && this.zoom === 1) return; // nothing to zoom out of: the page scrolls on
      event.preventDefault();
      this.zoomBy(Math.exp(-clamp(event.deltaY, -120, 120) / 300), at(event));
      moved();
    };
    picture.addEventListener("wheel", wheel, { passive: false });
  }

  /** Whether it is one of its keys: + and - zoom, 0 shows all; the arrows move, where something is out of sight. */
  type(key) {
    if (key === "+" || key === "=") this.zoomBy(1.5);
    else if (key === "-") this.zoomBy(1 / 1.5);
    else if (key === "0") this.zoomBy(0);
    else if (key in ARROWS && this.zoom > 1) this.shift(...ARROWS[key].map((way) => (way * this.side) / 8));
    else return false;
    return true;
  }
}
