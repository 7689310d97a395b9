// The pad: draw, move, resize, erase and delete black shapes (shapes.js) on a picture, by mouse, finger, pen or
// keyboard. The browser owns the shapes until Python sends a new `turn`. The box pad and the machine both have one.

const PAUSE = 90; // ms between two messages while a finger or an arrow key moves something
const [NARROW, WIDE, WIDER] = [2, 40, 2]; // of the brush, in picture pixels, and one step of [ and ]
const CURSORS = ["nwse-resize", "nesw-resize", "nwse-resize", "nesw-resize"];

class Pad {
  shapes = [];
  past = []; // earlier lists of shapes, for undo
  future = []; // later ones, for redo
  selected = -1;
  drag = null; // what the pointer is doing now
  tool = "box";
  brush = 12; // width of a stroke in picture pixels, while the whole picture is in view
  lens = new Lens();
  post = new Post(() => this.state("drawn", { turn: this.data.turn, shapes: this.shapes }), PAUSE);
  lastNudge = 0;

  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, picture: find(".picture"), image: find("image"), list: find(".shapes") });
    Object.assign(this, { frame: find(".selection"), cursor: find(".brush"), status: find(".status") });
    Object.assign(this, { width: find(".width"), holes: find(".holes") });

    this.lens.listen(this.picture, { taken: () => this.cancel(), moved: () => this.look() });
    this.picture.addEventListener("pointerdown", (event) => this.press(event));
    this.picture.addEventListener("pointermove", (event) => this.move(event));
    this.picture.addEventListener("pointerup", (event) => this.release(event));
    this.picture.addEventListener("pointercancel", () => this.cancel());
    this.picture.addEventListener("pointerleave", () => this.showCursor(null));
    this.picture.addEventListener("keydown", (event) => this.type(event));

    for (const button of root.querySelectorAll("[data-act]")) {
      button.addEventListener("click", () => this[button.dataset.act]()); // undo, redo, ...
    }
    for (const button of root.querySelectorAll("[data-tool]")) {
      button.addEventListener("click", () => this.choose(button.dataset.tool));
    }
    this.width.querySelector("input").addEventListener("input", (event) => this.widen(+event.target.value));
    whileHeld(find(".peek"), (on) => root.classList.toggle("peeking", on));
  }

  leave() {
    this.post.drop();
  }

  /** What the machine hears of every change and every look, and what it says instead of the pad. */
  changed() {}
  looked() {}
  says() {
    return "";
  }

  get paints() {
    return this.tool !== "box";
  }

  update(data) {
    const fresh = this.data?.turn !== data.turn;
    if (this.data?.words.box !== data.words.box || !this.data) fillWords(this.root, data.words);
    const samePicture = this.data?.image === data.image; // drawn by a button: undo takes it back
    this.data = data;
    this.picture.setAttribute("aria-label", data.label);
    this.lens.size = data.size;
    this.look();
    draw(this.image, { width: data.size, height: data.size });
    setAddress(this.image, data.image, "href");
    if (fresh) {
      this.post.drop();
      const past = samePicture ? [...this.past, this.shapes] : [];
      Object.assign(this, { shapes: data.shapes, past, future: [], selected: -1, drag: null });
    }
    this.render();
  }

  // -- pointer: mouse, finger and pen alike

  /** Where the pointer is, in picture pixels, held inside the picture. */
  at(event) {
    return this.lens.toPicture(this.lens.at(event)).map((value) => clamp(value, 0, this.data.size));
  }

  grasp(event) {
    if (this.paints) return { kind: "paint", index: -1 };
    const reach = event.pointerType === "mouse" ? 10 : 24; // screen pixels
    return grasp(this.shapes, this.selected, this.at(event), (reach * this.lens.side) / this.picture.clientWidth);
  }

  press(event) {
    if (this.drag || this.lens.busy || event.button > 0) return;
    this.picture.setPointerCapture(event.pointerId);
    const from = this.at(event);
    this.drag = { ...this.grasp(event), from, before: this.shapes, pointer: event.pointerId, started: false };
    this.drag.screen = [event.clientX, event.clientY];
    if (this.drag.index >= 0) this.selected = this.drag.index;
    if (this.drag.kind === "new") this.selected = -1; // a plain click on the empty picture only deselects
    if (this.drag.kind === "paint") this.continueDrag(from); // a tap of the brush leaves a dot
    this.render();
  }

  move(event) {
    this.showCursor(event);
    if (!this.drag) {
      const { kind, corner } = this.grasp(event);
      const cursor = { new: "crosshair", paint: "none", move: "move", resize: CURSORS[corner] };
      this.picture.style.cursor = cursor[kind];
      return;
    }
    if (event.pointerId !== this.drag.pointer) return; // a second finger is not ours
    const far = Math.hypot(event.clientX - this.drag.screen[0], event.clientY - this.drag.screen[1]);
    if (!this.drag.started && far < 4) return;
    this.continueDrag(this.at(event));
    this.render();
  }

  continueDrag(point) {
    const { drag } = this;
    const { kind, from, before, index } = drag;
    const { size, most, points, pointsInAll } = this.data;
    if ((kind === "new" || kind === "paint") && before.length >= most) return; // the status line says why
    if (this.tool === "eraser" && !before.length) return; // there is nothing to erase
    drag.started = true;
    const shift = [point[0] - from[0], point[1] - from[1]];
    if (kind === "move") {
      this.shapes = before.with(index, moved(before[index], ...shift, size));
    } else if (kind === "resize") {
      const [opposite, corner] = [(drag.corner + 2) % 4, drag.corner].map((i) => cornersOf(before[index].box)[i]);
      const to = corner.map((value, axis) => clamp(value + shift[axis], 0, size));
      this.shapes = before.with(index, boxBetween(opposite, to, size));
    } else if (kind === "new") {
      this.shapes = [...before, boxBetween(from, point, size)];
      this.selected = before.length;
    } else {
      const width = Math.max(1, half(this.brush / this.lens.zoom)); // as wide on the screen as ever
      drag.trail ??= new Trail(width, points, most - before.length, pointsInAll - pointsOf(before));
      if (!drag.trail.reach(point.map(half))) return;
      this.shapes = [...before, ...drag.trail.shapes(this.tool === "brush" ? "stroke" : "erase")];
    }
  }

  release(event) {
    if (!this.drag || event.pointerId !== this.drag.pointer) return;
    const { before } = this.drag;
    this.drag = null;
    if (!same(before, this.shapes)) {
      performance.mark("boxpad:pointerup");
      this.keep(before);
    }
    this.render();
  }

  /** The browser took the pointer away, or Escape was pressed: as if the drag had never begun. */
  cancel() {
    if (!this.drag) return;
    this.shapes = this.drag.before;
    this.selected = Math.min(this.selected, this.shapes.length - 1);
    this.drag = null;
    this.render();
  }

  // -- keyboard

  type(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const control = event.ctrlKey || event.metaKey;
    if (control && (key === "y" || (key === "z" && event.shiftKey))) this.redo();
    else if (control && key === "z") this.undo();
    else if (control || event.altKey) return;
    else if (key === "[" || key === "]") this.widen(this.brush + (key === "]" ? WIDER : -WIDER));
    else if (key in ARROWS && this.selected >= 0) this.nudge(ARROWS[key], event.shiftKey);
    else if (this.lens.type(key)) this.look();
    else if (key === "Delete" || key === "Backspace") this.remove();
    else if (key === "n") this.selectNext();
    else if (key === "Enter") this.addInTheMiddle();
    else if (key === "Escape" && this.drag) this.cancel();
    else if (key === "Escape" && this.selected >= 0) this.selected = -1;
    else return;
    event.preventDefault();
    this.render();
  }

  /** One pixel per key press; with Shift, the box's right and lower edge move instead. */
  nudge([dx, dy], resize) {
    const [{ size }, shape, before] = [this.data, this.shapes[this.selected], this.shapes];
    if (resize && !shape.box) return;
    const next = resize ? stretched(shape, dx, dy, size) : moved(shape, dx, dy, size);
    if (same(next, shape)) return;
    this.shapes = this.shapes.with(this.selected, next);
    if (performance.now() - this.lastNudge > 700) this.past.push(before); // one undo takes back a run of presses
    this.lastNudge = performance.now();
    this.future = [];
    this.post.sometimes();
  }

  selectNext() {
    const count = this.shapes.length;
    const next = [...this.shapes.keys()].map((i) => (this.selected + 1 + i) % count);
    this.selected = next.find((i) => !this.shapes[i].erase) ?? -1;
  }

  addInTheMiddle() {
    const { size, most } = this.data;
    if (this.shapes.length >= most) return;
    const side = Math.round((size * 28) / 128);
    const before = this.shapes;
    this.shapes = [...before, { box: [Math.round((size - side) / 2), Math.round((size - side) / 2), side, side] }];
    this.selected = before.length;
    this.keep(before);
  }

  // -- buttons

  /** Lay these shapes on the picture in the place of all that lie there. */
  put(shapes) {
    if (this.drag || same(shapes, this.shapes)) return;
    const before = this.shapes;
    Object.assign(this, { shapes, selected: -1 });
    performance.mark("boxpad:pointerup");
    this.keep(before);
    this.render();
  }

  widen(width) {
    this.brush = clamp(width, NARROW, WIDE);
    this.width.querySelector("input").value = this.brush;
    this.cursor.setAttribute("r", this.brush / 2 / this.lens.zoom);
  }

  choose(tool) {
    Object.assign(this, { tool, selected: -1 });
    this.render();
  }

  undo() {
    this.travel(this.past, this.future);
  }

  redo() {
    this.travel(this.future, this.past);
  }

  travel(from, to) {
    if (!from.length || this.drag) return;
    to.push(this.shapes);
    this.shapes = from.pop();
    this.selected = -1;
    this.lastNudge = 0;
    this.post.now();
    this.render();
  }

  remove() {
    if (this.selected < 0 || this.drag) return;
    const before = this.shapes;
    this.shapes = before.toSpliced(this.selected, 1);
    this.selected = Math.min(this.selected, this.shapes.length - 1);
    this.keep(before);
    this.render();
  }

  clear() {
    if (!this.shapes.length || this.drag) return;
    const before = this.shapes;
    Object.assign(this, { shapes: [], selected: -1 });
    this.keep(before);
    this.render();
  }

  // -- what leaves the pad

  keep(before) {
    this.past.push(before);
    this.future = [];
    this.lastNudge = 0;
    this.post.now();
  }

  // -- what is seen

  /** The part of the picture that the lens shows. */
  look() {
    draw(this.picture, { viewBox: this.lens.box.join(" ") });
    this.widen(this.brush);
    this.looked(this.lens);
  }

  render() {
    const { shapes, selected } = this;
    const { drawn, masks } = layers(shapes, this.data.size);
    this.list.replaceChildren(...drawn);
    this.holes.replaceChildren(...masks);
    this.frame.replaceChildren(...(shapes[selected] ? outline(shapes[selected]) : []));
    const idle = { undo: !this.past.length, redo: !this.future.length, remove: selected < 0, clear: !shapes.length };
    for (const button of this.root.querySelectorAll("[data-act]")) {
      // Not `disabled`, which would drop the keyboard's focus.
      button.setAttribute("aria-disabled", idle[button.dataset.act]);
    }
    for (const button of this.root.querySelectorAll("[data-tool]")) {
      button.setAttribute("aria-pressed", button.dataset.tool === this.tool);
    }
    this.width.hidden = !this.paints;
    this.root.classList.toggle("selecting", selected >= 0);
    write(this.status, this.says() || this.words());
    this.changed();
  }

  words() {
    const { shapes, selected, tool, data } = this;
    const say = (key, values) => phrase(data.words, key, { number: selected + 1, count: shapes.length, ...values });
    if (shapes.length >= data.most) return say("most", { most: data.most });
    if (this.paints && pointsOf(shapes) + 2 > data.pointsInAll) return say("full");
    const box = shapes[selected]?.box;
    if (box) return say("on-box", { x: box[0], y: box[1], width: box[2], height: box[3] });
    if (shapes[selected]?.boxes) return say("on-mask");
    if (selected >= 0) return say("on-stroke");
    if (tool === "eraser") return say(shapes.length ? "rub" : "nothing-yet");
    if (shapes.length) return say(shapes.length === 1 ? "one-shape" : "shapes");
    return say(tool === "brush" ? "paint" : "drag");
  }

  /** A ring the width of the brush under a mouse or pen; a finger hides it anyway. */
  showCursor(event) {
    const on = event && this.paints && event.pointerType !== "touch";
    this.cursor.toggleAttribute("hidden", !on);
    if (!on) return;
    const [x, y] = this.at(event);
    draw(this.cursor, { cx: x, cy: y, r: this.brush / 2 / this.lens.zoom });
  }
}
