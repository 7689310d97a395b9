// The drawing canvas: white ink on black, by mouse, finger or pen. The browser owns the strokes while it is on the page.
// Pointer events alone: those of a mouse come with fractions of a pixel, as a finger's do, while `mousemove` rounds down
// and would draw the same stroke another way.

class DigitCanvas {
  shapes = null; // [{ stroke: { width, points: [[x, y], ...] } }, ...] in canvas pixels, as Python takes them
  points = null; // of the stroke that is being drawn
  pointer = null; // which draws it

  constructor(root) {
    this.canvas = root.querySelector("canvas");
    this.buttons = [...root.querySelectorAll("[data-act]")];
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    this.canvas.addEventListener("pointerup", (event) => this.release(event));
    this.canvas.addEventListener("pointercancel", (event) => this.release(event));
    for (const button of this.buttons) button.addEventListener("click", () => this[button.dataset.act]());
  }

  update(data) {
    this.data = data;
    this.shapes ??= data.shapes;
    draw(this.canvas, { "aria-label": data.label });
    this.render();
  }

  at(event) {
    const { size } = this.data;
    return placeIn(this.canvas, event).map((value) => clamp((value * size) / this.canvas.clientWidth, 0, size));
  }

  press(event) {
    if (this.points || event.button > 0 || this.shapes.length >= this.data.most) return; // a second finger is not ours
    this.canvas.setPointerCapture(event.pointerId);
    Object.assign(this, { points: [this.at(event)], pointer: event.pointerId });
    this.render();
  }

  move(event) {
    if (!this.points || event.pointerId !== this.pointer) return;
    const point = this.at(event);
    if (near(point, this.points.at(-1), 1) || this.points.length >= this.data.points) return;
    this.points.push(point);
    this.render();
  }

  release(event) {
    if (!this.points || event.pointerId !== this.pointer) return;
    const { points } = this;
    this.points = null;
    this.put([...this.shapes, { stroke: { width: this.data.brush, points } }]);
  }

  undo() {
    if (this.shapes.length) this.put(this.shapes.slice(0, -1));
  }

  clear() {
    if (this.shapes.length) this.put([]);
  }

  put(shapes) {
    this.shapes = shapes;
    this.state("drawn", shapes);
    this.render();
  }

  render() {
    const { canvas, data, shapes, points } = this;
    const sharp = Math.ceil(devicePixelRatio);
    canvas.width = canvas.height = data.size * sharp; // which also empties it
    const pen = canvas.getContext("2d");
    pen.scale(sharp, sharp);
    pen.fillRect(0, 0, data.size, data.size);
    Object.assign(pen, { strokeStyle: "white", lineCap: "round", lineJoin: "round", lineWidth: data.brush });
    for (const stroke of [...shapes.map((shape) => shape.stroke.points), ...(points ? [points] : [])]) {
      pen.stroke(new Path2D(line(stroke)));
    }
    for (const button of this.buttons) button.setAttribute("aria-disabled", !shapes.length);
  }
}

export default component(".digit", DigitCanvas);
