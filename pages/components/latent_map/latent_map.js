// The latent map: on a canvas (ground.js) a scatter of dots (points.js) or pictures (tiles.js) with its sea (coast.js);
// rings (markers.js), names (legend.js), a card (card.js) and the lasso above it.
// The points are fetched once and drawn again only when the view (view.js), the filter or the theme changes; a rerun
// of the script brings the markers alone.

const PAUSE = 80; // ms between two messages while a pick is dragged

class LatentMap {
  view = new View();
  answer = {}; // what Python is told: {pick: [x, y], lasso: [[x, y], ...], off: [class, ...]}
  corners = null; // of the lasso, in data units
  pointers = new Map(); // pointer id -> where it is on the screen
  gesture = null; // "pick", "pan", "pinch" or "lasso"
  hovered = -1; // the point whose card is open
  sheets = new Sheets(); // background and sprite
  post = new Post(() => this.state("answer", this.answer), PAUSE);

  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, plane: find(".plane"), card: new Card(root), notice: find(".notice"), hint: find(".hint") });
    Object.assign(this, { loop: find(".lasso"), halo: find(".hover"), spoken: find(".spoken"), uncharted: find(".sea") });
    this.lassoKey = find("[data-act=lasso]");
    this.pen = find("canvas").getContext("2d");
    this.markers = new Markers(root);
    this.legend = new Legend(root, () => this.filter());

    const { plane } = this;
    plane.addEventListener("pointerdown", (event) => this.press(event));
    plane.addEventListener("pointermove", (event) => this.move(event));
    plane.addEventListener("pointerup", (event) => this.release(event));
    plane.addEventListener("pointercancel", (event) => this.release(event, true));
    plane.addEventListener("pointerleave", () => this.pointers.size || this.hover(-1));
    plane.addEventListener("dblclick", () => this.reset());
    plane.addEventListener("contextmenu", (event) => event.preventDefault()); // the right button pans
    plane.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    plane.addEventListener("keydown", (event) => this.type(event));
    find("[data-act=closer]").addEventListener("click", () => this.zoom(1.6));
    find("[data-act=farther]").addEventListener("click", () => this.zoom(1 / 1.6));
    find("[data-act=reset]").addEventListener("click", () => this.reset());
    this.lassoKey.addEventListener("click", () => this.arm());
    this.lot = find("[data-act=chance]");
    this.lot.addEventListener("click", () => this.pickByChance());
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(plane);
  }

  leave() {
    this.sizes.disconnect();
    this.post.drop();
    cancelAnimationFrame(this.frame);
  }

  // -- what Python sends

  update(data) {
    const sameExtent = String(this.data?.extent) === String(data.extent);
    this.data = data;
    this.root.style.setProperty("--height", `${data.height}px`);
    const [left, right, bottom, top] = data.extent;
    this.root.style.setProperty("--ratio", (right - left) / (top - bottom));
    this.plane.setAttribute("aria-label", data.label);
    nameKeys(this.root, data.words);
    this.plane.classList.toggle("pickable", data.pickable);
    this.lassoKey.hidden = !data.lasso;
    this.lot.hidden = !data.pickable;
    write(this.hint, data.hint);
    write(this.uncharted, data.reach && !data.background ? data.uncharted : "");
    this.hint.hidden = !data.pickable || !data.hint || Boolean(this.answer.pick) || data.picked;
    if (!sameExtent) this.fit();
    if (this.address !== data.points) this.load(data.points);
    this.markers.take(data.markers, this.gesture === "pick", (data.extent[1] - data.extent[0]) / 1e4);
    this.restyle();
    this.moved = true;
    this.ask();
  }

  /** Legend and points anew, when the theme or what is to be shown has changed. */
  restyle() {
    const { classes, drawn, background, reach } = this.data;
    const paper = getComputedStyle(this.root).getPropertyValue("--st-background-color");
    const style = JSON.stringify([paper, classes, drawn, background, reach]);
    if (style === this.style) return;
    this.sea = null;
    Object.assign(this, { style, palette: paletteOn(paper).slice(0, classes?.length ?? 1) });
    this.legend.write(classes, this.palette);
    this.name();
    this.redraw();
  }

  /** Names stand among dots; pictures say it themselves. */
  name() {
    this.legend.name(this.data.drawn === "dots" && this.points);
  }

  load(url) {
    this.address = url;
    const arrive = (points) => {
      if (this.address !== url) return; // another map by now
      this.points = points;
      this.notice.hidden = Boolean(points);
      this.root.classList.toggle("broken", !points);
      if (!points) {
        this.notice.textContent = this.data.words.failed;
        this.address = null; // the next rerun tries again
      }
      this.hover(-1);
      this.name();
      this.fit();
    };
    fetchPoints(url).then(arrive, () => arrive(null));
  }

  // -- what is seen

  resize() {
    const { clientWidth: width, clientHeight: height } = this.plane;
    if (!width) return;
    this.density = window.devicePixelRatio || 1;
    Object.assign(this.view, { width, height });
    this.pen.canvas.width = Math.round(width * this.density);
    this.pen.canvas.height = Math.round(height * this.density);
    this.sea = null; // it goes on to the rims
    this.redraw();
  }

  /** Show the whole map: of one with a sea, its land. */
  fit() {
    const { reach, extent } = this.data;
    this.view.reset(extent, reach && this.points ? this.points.land(1.2 * reach) : extent);
    this.sea = null;
    this.redraw();
  }

  /** Draw the points anew with the next frame. */
  redraw() {
    this.stale = true;
    this.ask();
  }

  /** Draw what floats above the points with the next frame. */
  ask() {
    this.frame ??= requestAnimationFrame(() => this.paint());
  }

  paint() {
    this.frame = null;
    if (!this.data || !this.density) return;
    if (this.stale) this.paintPoints();
    this.stale = false;
    const gliding = this.markers.draw(this.view, this.data.path);
    const hovered = this.hovered >= 0 && this.view.toScreen(this.points.at(this.hovered));
    this.halo.toggleAttribute("hidden", !hovered);
    if (hovered) this.card.place(hovered, this.view, this.halo);
    this.loop.toggleAttribute("hidden", !this.corners);
    if (this.corners) draw(this.loop, { points: this.corners.map(this.view.toScreen).join(" ") });
    if (gliding) this.ask();
    else if (this.moved) {
      this.moved = false;
      requestAnimationFrame(() => performance.mark("latentmap:painted")); // by then this frame is on screen
    }
  }

  paintPoints() {
    paintGround(this);
    this.legend.place(this.view);
    this.plane.classList.toggle("zoomed", this.view.zoom > 1);
  }

  // -- the view

  zoom(factor, at) {
    this.view.zoomBy(factor, at);
    this.redraw();
  }

  /** Shift the view by screen pixels, as a hand pushes a sheet of paper. */
  push(dx, dy) {
    this.view.shift(-dx / this.view.scale, dy / this.view.scale);
    this.redraw();
  }

  reset() {
    this.view.reset();
    this.redraw();
  }

  wheel(event) {
    if (event.deltaY > 0 && this.view.zoom === 1) return; // nothing to zoom out of: the page scrolls on
    event.preventDefault();
    this.zoom(Math.exp(-clamp(event.deltaY, -120, 120) / 300), this.at(event));
  }

  // -- pointers: one picks, pans or draws the lasso; two zoom and pan

  at(event) {
    return placeIn(this.plane, event);
  }

  press(event) {
    const at = this.at(event);
    this.plane.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, at);
    this.pressed = at;
    this.hover(-1);
    if (this.pointers.size > 2) return;
    if (this.pointers.size === 2) {
      if (this.gesture === "lasso") this.closeLasso(true);
      this.gesture = "pinch";
    } else if (this.armed) {
      this.gesture = "lasso";
      this.corners = [this.view.toData(at)];
    } else if (this.data.pickable && event.button === 0 && !event.shiftKey) {
      this.gesture = "pick";
      this.pick(this.view.toData(at));
    } else {
      this.gesture = "pan";
    }
    this.plane.classList.toggle("panning", this.gesture === "pan" || this.gesture === "pinch");
  }

  move(event) {
    const at = this.at(event);
    const before = this.pointers.get(event.pointerId);
    if (!before) return this.hover(this.pointAt(at, 10));
    this.pointers.set(event.pointerId, at);
    const [dx, dy] = [at[0] - before[0], at[1] - before[1]];
    if (this.gesture === "pick") this.pick(this.view.toData(at));
    else if (this.gesture === "lasso") this.extendLasso(at);
    else if (this.gesture === "pan") this.push(dx, dy);
    else if (this.pointers.size === 2) {
      const [, other] = [...this.pointers].find(([id]) => id !== event.pointerId);
      const [was, is] = [before, at].map((place) => Math.hypot(place[0] - other[0], place[1] - other[1]));
      this.zoom(is / Math.max(was, 1), [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2]);
      this.push(dx / 2, dy / 2);
    }
  }

  release(event, cancelled = false) {
    if (!this.pointers.delete(event.pointerId)) return;
    const at = this.at(event);
    if (this.gesture === "pick") this.post.flush();
    if (this.gesture === "lasso") this.closeLasso(cancelled);
    const tap = this.gesture !== "pinch" && !cancelled && near(at, this.pressed, 5);
    if (tap) this.hover(this.pointAt(at, event.pointerType === "mouse" ? 10 : 22));
    this.gesture = this.pointers.size ? "pinch" : null; // a finger left over from a pinch does nothing
    this.plane.classList.toggle("panning", this.pointers.size > 0);
  }

  // -- keyboard: arrows move the pick, or the view where nothing can be picked

  type(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in ARROWS) {
      const step = event.shiftKey ? 40 : 8; // screen pixels
      const [dx, dy] = ARROWS[event.key].map((sign) => sign * step);
      const { x, y, scale } = this.view;
      const from = this.markers.pick?.to ?? [x, y];
      if (this.data.pickable) this.pick([from[0] + dx / scale, from[1] - dy / scale]);
      else this.push(-5 * dx, -5 * dy);
    } else if (event.key === "+" || event.key === "=") this.zoom(1.6);
    else if (event.key === "-") this.zoom(1 / 1.6);
    else if (event.key === "0") this.reset();
    else if (event.key === "Escape" && (this.armed || this.hovered >= 0)) {
      this.hover(-1);
      if (this.armed) this.arm();
    } else return;
    event.preventDefault();
  }

  // -- what Python is told

  /** The marker of kind "point" goes where the hand is, at once; Python hears of it. */
  pick(point, last = false) {
    const at = this.view.inside(point);
    this.markers.movePick(at);
    this.hint.hidden = true;
    this.answer = { ...this.answer, pick: at };
    // what is drawn beside the map follows at once, without a way to the server and back
    dispatchEvent(new CustomEvent("latentmap:pick", { detail: { map: this.data.points, at } }));
    this.spoken.textContent = `Picked ${at.map((value) => value.toFixed(2)).join(", ")}`;
    this.ask();
    if (last) this.post.now();
    else this.post.sometimes();
  }

  /** Other classes are shown. */
  filter() {
    this.answer = { ...this.answer, off: [...this.legend.off] };
    this.post.now();
    this.redraw();
  }

  pickByChance() {
    const place = this.points?.byChance(this.legend.visible);
    if (place) this.pick(place, true);
  }

  /** Let the next drag draw a lasso, or let it be; the old lasso goes. */
  arm() {
    this.armed = !this.armed;
    this.plane.classList.toggle("armed", this.armed);
    this.lassoKey.setAttribute("aria-pressed", this.armed);
    if (!this.armed || !this.corners) return;
    this.corners = null;
    this.answer = { ...this.answer, lasso: null };
    this.post.now();
    this.ask();
  }

  extendLasso(at) {
    if (near(this.view.toScreen(this.corners.at(-1)), at, 4) || this.corners.length >= this.data.corners) return;
    this.corners.push(this.view.toData(at));
    this.ask();
  }

  closeLasso(cancelled) {
    if (cancelled || this.corners.length < 3) this.corners = null;
    else {
      this.answer = { ...this.answer, lasso: this.corners };
      this.post.now();
      this.arm();
    }
    this.ask();
  }

  // -- the card of one point

  pointAt(at, reach) {
    return this.points?.nearest(this.view.toData(at), reach / this.view.scale, this.legend.visible) ?? -1;
  }

  hover(index) {
    if (index === this.hovered) return;
    this.hovered = index;
    this.card.node.hidden = index < 0;
    if (index >= 0) this.writeCard(index);
    this.ask();
  }

  writeCard(index) {
    const { classes, sprite } = this.data;
    const again = () => this.hovered >= 0 && this.writeCard(this.hovered);
    this.card.write(index, classes?.[this.points.classes[index]] ?? "", sprite, this.sheets.at(sprite?.url, again));
  }
}

export default component(".map", LatentMap);
