// Films side by side under one slider. Each sheet is fetched once; a frame is one drawImage away.

const PACE = 150; // ms a frame

class FramePlayer {
  films = []; // {caption, notes, columns, node, sheet}
  sheets = new Map(); // address -> Image

  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, row: find(".row"), slider: find("input"), play: find("button"), said: find("output") });
    this.slider.addEventListener("input", () => {
      this.stop();
      this.moveTo(+this.slider.value);
    });
    this.play.addEventListener("click", () => (this.timer ? this.stop() : this.start()));
  }

  leave() {
    this.stop();
  }

  update({ stills, reels }) {
    this.last = Math.max(1, ...reels.map((reel) => reel.notes.length));
    this.slider.max = this.last;
    this.slider.setAttribute("aria-label", `Epoch of ${this.last}`);
    const films = [...stills.map((still) => ({ ...still, notes: [still.note], columns: 1 })), ...reels];
    fillWith(this.row, films.length, film);
    this.films = films.map((one, i) => ({ ...one, node: this.row.children[i], sheet: this.sheet(one.url) }));
    this.slider.value = Math.min(this.touched ? +this.slider.value : this.last, this.last);
    this.show();
  }

  moveTo(epoch) {
    this.touched = true;
    this.slider.value = epoch;
    this.show();
  }

  start() {
    this.moveTo(+this.slider.value === this.last ? 1 : +this.slider.value);
    this.play.setAttribute("aria-pressed", true);
    this.timer = setInterval(() => {
      this.moveTo(+this.slider.value + 1);
      if (+this.slider.value >= this.last) this.stop();
    }, PACE);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.play.setAttribute("aria-pressed", false);
  }

  show() {
    const now = +this.slider.value;
    write(this.said, `epoch ${now} of ${this.last}`);
    for (const one of this.films) showFrame(one, Math.min(now, one.notes.length));
  }

  /** The picture that holds all frames; whoever waits for it is drawn when it has come. */
  sheet(url) {
    if (!this.sheets.has(url)) {
      const image = new Image();
      image.addEventListener("load", () => this.show());
      image.src = url;
      this.sheets.set(url, image);
    }
    return this.sheets.get(url);
  }
}

function film() {
  const node = document.createElement("figure");
  node.setAttribute("role", "listitem");
  const note = document.createElement("p");
  note.className = "note quiet";
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  node.append(document.createElement("figcaption"), canvas, note);
  return node;
}

function showFrame({ node, caption, notes, columns, sheet }, number) {
  const canvas = node.querySelector("canvas");
  write(node.querySelector("figcaption"), caption);
  write(node.querySelector(".note"), notes[number - 1]);
  canvas.setAttribute("aria-label", notes.length > 1 ? `${caption}, epoch ${number}` : caption);
  if (!sheet.complete || !sheet.naturalWidth) return;
  const side = sheet.naturalWidth / columns;
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const [column, row] = [(number - 1) % columns, Math.floor((number - 1) / columns)];
  canvas.getContext("2d").drawImage(sheet, column * side, row * side, side, side, 0, 0, side, side);
}

export default component(".film", FramePlayer);
