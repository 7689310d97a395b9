// The framer: an oriented square on a photo, to be moved, turned and zoomed by mouse, finger, pen, wheel or keyboard.
// Everything is in photo pixels. The browser owns the chosen square until Python sends a new `turn`.

const PAUSE = 250; // ms after the last key or turn of the wheel until the square is sent
const STEM = 26; // screen pixels from the square to the knob that turns it
const INSET = 9; // screen pixels that a handle keeps from the photo's edge when its square reaches beyond
const KEYS = { q: "left", e: "right", "+": "larger", "=": "larger", "-": "smaller", _: "smaller", r: "reset" };
const EYES = [[47.5, 60], [80.5, 60]]; // where faces in FFHQ framing have them, in crop pixels (measured)
const SMILE = "M49 91Q64 101 79 91";

class Framer {
  pointers = new Map(); // pointer id -> [x, y], of the fingers that are down
  drag = null; // what they are doing
  post = new Post(() => this.tell(), PAUSE);

  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, photo: find(".photo"), image: find("image"), shade: find(".shade"), hold: find(".hold") });
    Object.assign(this, { frame: find(".square"), others: find(".others"), badges: find(".badges") });
    Object.assign(this, { curves: find(".curves"), canvas: find("canvas"), status: find(".status"), preview: new Image() });

    this.photo.addEventListener("pointerdown", (event) => this.press(event));
    this.photo.addEventListener("pointermove", (event) => this.move(event));
    this.photo.addEventListener("pointerup", (event) => this.release(event));
    this.photo.addEventListener("pointercancel", () => this.cancel());
    this.photo.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.photo.addEventListener("keydown", (event) => this.type(event));
    for (const button of root.querySelectorAll("[data-act]")) {
      button.addEventListener("click", () => (this[button.dataset.act](), this.post.now())); // smaller, larger, ...
    }
    this.preview.addEventListener("load", () => this.render());
    this.sizes = new ResizeObserver(() => this.data && this.render());
    this.sizes.observe(this.photo);
  }

  leave() {
    this.sizes.disconnect();
    this.post.drop();
  }

  update(data) {
    const fresh = this.data?.turn !== data.turn;
    if (this.data?.words.reset !== data.words.reset) fillWords(this.root, data.words);
    this.data = data;
    const [width, height] = data.size;
    draw(this.photo, { viewBox: `0 0 ${width} ${height}`, "aria-label": data.label });
    this.photo.style.aspectRatio = `${width} / ${height}`;
    draw(this.image, { width, height });
    if (this.image.getAttribute("href") !== data.image) {
      this.image.setAttribute("href", data.image);
      this.preview.src = data.image;
    }
    if (fresh) {
      this.post.drop();
      Object.assign(this, { square: data.square, sent: data.square, drag: null });
    }
    this.render();
  }

  // -- pointers: one moves, turns or zooms by what it took hold of; two do all three at once

  /** Photo pixels a screen pixel. */
  get scale() {
    return this.data.size[0] / (this.photo.clientWidth || 1);
  }

  at(event) {
    return placeIn(this.photo, event).map((value) => value * this.scale);
  }

  /** The knob turns, a corner zooms, the inside moves; beside the square only a tap counts. */
  grasp(point, pointerType) {
    const reach = (pointerType === "mouse" ? 12 : 26) * this.scale;
    const near = ([x, y]) => Math.hypot(point[0] - x, point[1] - y) <= reach;
    if (near(this.knob())) return "turn";
    if (corners(this.square).map((corner) => this.visible(corner)).some(near)) return "zoom";
    return Math.max(...onSquare(this.square, point).map(Math.abs)) <= 0.5 ? "move" : "tap";
  }

  press(event) {
    const badge = event.target.closest("[data-face]");
    if (badge && +badge.dataset.face !== this.data.chosen) return this.choose(+badge.dataset.face);
    if (event.button > 0 || this.pointers.size > 1) return;
    this.photo.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, this.at(event));
    const before = this.drag?.before ?? this.square;
    const kind = this.pointers.size > 1 ? "pinch" : this.grasp(this.at(event), event.pointerType);
    this.drag = { kind, before, from: [...this.pointers.values()], square: this.square, started: kind === "pinch" };
    this.drag.screen = [event.clientX, event.clientY];
  }

  move(event) {
    if (!this.pointers.has(event.pointerId)) {
      const cursors = { turn: "grab", zoom: "nwse-resize", move: "move", tap: "crosshair" };
      this.photo.style.cursor = cursors[this.grasp(this.at(event), event.pointerType)];
      return;
    }
    this.pointers.set(event.pointerId, this.at(event));
    const { drag } = this;
    if (!drag) return;
    const far = Math.hypot(event.clientX - drag.screen[0], event.clientY - drag.screen[1]);
    if (!drag.started && far < 4) return;
    drag.started = true;
    const [to, from] = [[...this.pointers.values()], drag.from];
    const { centre } = drag.square;
    if (drag.kind === "move") this.set(drag.square, { by: minus(to[0], from[0]) });
    if (drag.kind === "turn") this.set(drag.square, { turn: direction(centre, to[0]) - direction(centre, from[0]) });
    if (drag.kind === "zoom") this.set(drag.square, { grow: distance(centre, to[0]) / distance(centre, from[0]) });
    if (drag.kind === "pinch") {
      const [grow, turn] = [distance(...to) / distance(...from), direction(...to) - direction(...from)];
      const [was, is] = [middle(...from), middle(...to)];
      const arm = turned(minus(centre, was), turn).map((value) => value * grow);
      this.set(drag.square, { by: minus([is[0] + arm[0], is[1] + arm[1]], centre), grow, turn });
    }
  }

  release(event) {
    const { drag } = this;
    if (!this.pointers.delete(event.pointerId) || !drag) return;
    this.drag = null; // a finger that stays down after a pinch does nothing more
    if (drag.kind === "tap" && !drag.started) this.set(this.square, { by: minus(drag.from[0], this.square.centre) });
    if (this.square !== drag.before) {
      performance.mark("framer:pointerup");
      this.post.now();
    }
  }

  /** The browser took the pointer away, to scroll the page for example, or Escape was pressed. */
  cancel() {
    this.pointers.clear();
    if (!this.drag) return;
    this.square = this.drag.before;
    this.drag = null;
    this.render();
  }

  /** With Ctrl (which a trackpad's pinch sends too), or once the photo has the focus: else the page scrolls on. */
  wheel(event) {
    const focused = this.photo.getRootNode().activeElement === this.photo;
    if (!event.ctrlKey && !focused) return;
    event.preventDefault();
    const step = clamp(event.deltaY, -120, 120) / (event.ctrlKey ? 100 : 600);
    this.set(this.square, { grow: Math.exp(-step) });
    this.post.settled();
  }

  type(event) {
    const face = event.target.closest("[data-face]");
    if (face && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      return this.choose(+face.dataset.face);
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "Escape" && this.drag) this.cancel();
    else if (key in ARROWS) {
      const step = this.square.side * (event.shiftKey ? 0.05 : 0.01);
      this.set(this.square, { by: ARROWS[key].map((value) => value * step) });
    } else if (key in KEYS) this[KEYS[key]](event.shiftKey);
    else return;
    event.preventDefault();
    this.post.settled();
  }

  // -- buttons and keys

  smaller = () => this.set(this.square, { grow: 1 / 1.05 });
  larger = () => this.set(this.square, { grow: 1.05 });
  left = (much) => this.set(this.square, { turn: much === true ? -15 : -2 });
  right = (much) => this.set(this.square, { turn: much === true ? 15 : 2 });
  reset = () => ((this.square = this.data.found), this.render());

  set(square, change) {
    this.square = changed(square, change, this.data);
    this.render();
  }

  choose(number) {
    this.trigger("chosen", number);
  }

  tell() {
    if (JSON.stringify(this.square) === JSON.stringify(this.sent)) return;
    this.sent = this.square;
    this.state("framed", { turn: this.data.turn, ...this.square });
  }

  // -- what is seen

  /** A handle of a square that reaches beyond the photo waits at its edge. */
  visible = (point) => {
    const inset = INSET * this.scale;
    return point.map((value, axis) => clamp(value, inset, this.data.size[axis] - inset));
  };

  knob() {
    const { square } = this;
    return this.visible(onPhoto(square, [0, -0.5 - (STEM * this.scale) / square.side]));
  }

  render() {
    const { square, scale } = this;
    const { size: [width, height], others, chosen } = this.data;
    const four = corners(square);
    draw(this.shade, { d: `M0 0H${width}V${height}H0ZM${four.join("L")}Z` });
    draw(this.hold, { points: four.join(" ") });
    const edges = ["under", "over"].map((name) => svg("polygon", { class: name, points: four.join(" ") }));
    const top = this.visible(onPhoto(square, [0, -0.5]));
    const stem = ["under", "over"].map((name) => svg("path", { class: name, d: line([top, this.knob()]) }));
    const guides = EYES.map(([cx, cy]) => svg("circle", { class: "guide", cx, cy, r: 6 }));
    const face = svg("g", { transform: `matrix(${matrix(square, this.data.crop).join(" ")})` });
    face.append(...guides, svg("path", { class: "guide", d: SMILE }));
    const handle = (point) => ["rim", "dot"].map((name) => svg("path", { class: name, d: line([point]) }));
    const grips = [...four.map(this.visible), this.knob()];
    const holds = grips.map(([cx, cy]) => svg("circle", { class: "grip", cx, cy, r: 22 * scale }));
    this.frame.replaceChildren(face, ...edges, ...stem, ...grips.flatMap(handle), ...holds);
    const rest = others.map((other, i) => [i === chosen ? square : other, i]);
    this.others.replaceChildren(...rest.filter(([, i]) => i !== chosen).map(([other]) => (
      svg("polygon", { points: corners(other).join(" ") }))));
    this.renderBadges(others.length > 1 ? rest : []);
    this.renderCrop();
    this.renderCurves(four);
    const angle = `${Math.round(square.angle)}`.replace("-", "−");
    write(this.status, phrase(this.data.words, "status", { side: Math.round(square.side), angle }));
  }

  renderBadges(faces) {
    const focus = this.photo.getRootNode().activeElement?.dataset?.face;
    this.badges.replaceChildren(...faces.map(([square, i]) => {
      const badge = svg("g", { class: `badge${i === this.data.chosen ? " chosen" : ""}`, tabindex: 0, role: "button" });
      draw(badge, { "data-face": i, "aria-label": phrase(this.data.words, "face", { number: i + 1 }), "aria-pressed": i === this.data.chosen });
      const [x, y] = this.visible(onPhoto(square, [0, 0.5])); // in the middle below: the corners are handles
      const text = svg("text", { x, y, "font-size": 14 * this.scale });
      text.textContent = i + 1;
      badge.append(svg("circle", { cx: x, cy: y, r: 12 * this.scale }), text);
      return badge;
    }));
    if (focus) this.badges.querySelector(`[data-face="${focus}"]`)?.focus();
  }

  /** From the square's right corners to those of the pad beside it, where the page has room for both. */
  renderCurves(four) {
    const { photo, curves, scale } = this;
    const [from, to] = [photo.getBoundingClientRect(), curves.getBoundingClientRect()];
    if (!to.width) return;
    const right = four.toSorted((a, b) => b[0] - a[0]).slice(0, 2).toSorted((a, b) => a[1] - b[1]);
    right.forEach((corner, i) => {
      const [x, y] = [corner[0] / scale + from.left - to.left, corner[1] / scale + from.top - to.top];
      const [half, end] = [Math.max((x + to.width) / 2, to.width - 14), i * to.height]; // beside the words between
      draw(curves.children[i], { d: `M${x},${y}C${half},${y} ${half},${end} ${to.width},${end}` });
    });
  }

  /** The square as an upright picture, mirrored beyond the photo's edge as the engine does it. */
  renderCrop() {
    if (!this.preview.complete || !this.preview.naturalWidth) return;
    const [width, height] = this.data.size;
    const context = this.canvas.getContext("2d");
    const toCrop = new DOMMatrix(matrix(this.square, this.data.crop)).inverse();
    for (const across of [-1, 1, 0]) {
      for (const down of [-1, 1, 0]) {
        context.setTransform(toCrop);
        context.transform(across ? -1 : 1, 0, 0, down ? -1 : 1, across > 0 ? 2 * width : 0, down > 0 ? 2 * height : 0);
        context.drawImage(this.preview, 0, 0, width, height);
      }
    }
  }
}

export default component(".framer", Framer);
