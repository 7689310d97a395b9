// A small scatter of the codes of the test faces with the place of this one, intact and with its hole.

class Place {
  points = null; // Float32Array of x, y pairs

  constructor(root) {
    this.canvas = root.querySelector(".place canvas");
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.canvas);
    this.canvas.addEventListener("transitionend", this.draw); // of its colour, which is the theme's
  }

  /** The caption: what a place among faces is. */
  explain(words) {
    sayTerm(this.canvas.nextElementSibling.firstChild, phrase(words, "place"), phrase(words, "place.says"));
  }

  leave() {
    this.sizes.disconnect();
  }

  /** place: {points: address, extent: [left, right, bottom, top], intact: [x, y], hole: [x, y]}, or nothing yet */
  async show(place) {
    if (!place || place === this.place) return; // on its way, or there
    const fetched = this.place?.points === place.points;
    this.place = place;
    this.draw();
    if (fetched) return;
    const answer = await fetch(new URL(place.points, document.baseURI)).catch(() => null);
    if (!answer?.ok) return; // the rings stand without the others
    const content = await answer.arrayBuffer();
    this.points = new Float32Array(content, 4, 2 * new DataView(content).getUint32(0, true));
    this.draw();
  }

  draw = () => {
    const { canvas, place } = this;
    if (!place || !canvas.clientWidth) return;
    const scale = window.devicePixelRatio;
    const side = canvas.clientWidth;
    canvas.width = canvas.height = Math.round(side * scale);
    const pen = canvas.getContext("2d");
    const { color, outlineColor } = getComputedStyle(canvas); // of the others and of this one, in this theme
    const [left, right, bottom, top] = place.extent;
    const at = (x, y) => [((x - left) / (right - left)) * side, ((top - y) / (top - bottom)) * side];
    pen.scale(scale, scale);
    pen.fillStyle = color;
    pen.globalAlpha = 0.4;
    for (let i = 0; i < (this.points?.length ?? 0); i += 2) {
      const [x, y] = at(this.points[i], this.points[i + 1]);
      pen.fillRect(x - 0.8, y - 0.8, 1.6, 1.6);
    }
    pen.globalAlpha = 1;
    const [before, after] = [at(...place.intact), at(...place.hole)];
    pen.strokeStyle = pen.fillStyle = outlineColor;
    pen.lineWidth = 2;
    if (!near(before, after, 4)) {
      pen.beginPath();
      pen.moveTo(...before);
      pen.lineTo(...after);
      pen.stroke();
    }
    pen.beginPath();
    pen.arc(...before, 5.5, 0, 7);
    pen.stroke();
    pen.beginPath();
    pen.arc(...after, 2.5, 0, 7);
    pen.fill();
  };
}
