// The walk from this face to another as a film strip that is its own scrubber.

const STEP = 260; // ms a frame when it is played

const laid = new WeakMap(); // node -> the tile that it shows

/** Show the square in that column and row of a picture of so many. An address is some 20 kB of text, which a browser
 * reads anew each time it is set: while a hand turns a dial, thirty nodes would cost it half a megabyte a step. */
function tileOf(node, url, column, columns, row = 0, rows = 1) {
  const share = (i, count) => `${count > 1 ? (i / (count - 1)) * 100 : 0}%`;
  const position = `${share(column, columns)} ${share(row, rows)}`;
  const before = laid.get(node);
  if (before?.url === url && before.position === position) return;
  laid.set(node, { url, position });
  node.style.backgroundImage = `url("${url}")`;
  node.style.backgroundSize = `${columns * 100}% ${rows * 100}%`;
  node.style.backgroundPosition = position;
}

class Film {
  playing = 0;

  /** walked(frame, moving): which frame is to stand large, and whether the hand still moves. */
  constructor(root, walked) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { find, walked, strip: find(".strip"), frames: find(".frames"), at: find(".at") });
    this.strip.addEventListener("pointerdown", (event) => {
      this.stop();
      this.strip.setPointerCapture(event.pointerId);
      this.pull(event, true);
    });
    this.strip.addEventListener("pointermove", (event) => {
      if (this.strip.hasPointerCapture(event.pointerId)) this.pull(event, true);
    });
    this.strip.addEventListener("pointerup", (event) => this.pull(event, false));
    this.strip.addEventListener("keydown", (event) => {
      const step = ARROWS[event.key]?.[0] ?? { Home: -100, End: 100 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.stop();
      this.go(this.walk < 0 ? 0 : this.walk + step, false);
    });
    find(".play").addEventListener("click", () => (this.playing ? this.stop() : this.play()));
  }

  leave() {
    clearInterval(this.playing);
  }

  get count() {
    return this.frames.children.length;
  }

  show(data, walk) {
    const { words, film, to, titles, faces } = data;
    this.walk = walk;
    this.words = words;
    fillWith(this.frames, data.frames ?? 11, () => document.createElement("i"));
    [...this.frames.children].forEach((node, i) => tileOf(node, film, i, this.count));
    this.at.style.left = `${((Math.max(walk, 0) + 0.5) / this.count) * 100}%`;
    draw(this.strip, { "aria-label": words.film, "aria-valuemax": this.count - 1, "aria-valuenow": Math.max(walk, 0) });
    this.strip.setAttribute("aria-valuetext", `${Math.round((Math.max(walk, 0) / (this.count - 1)) * 100)} %`);
    write(this.find(".walkbar h2"), words.walk);
    write(this.find(".to-words"), words.to);
    write(this.find(".drag"), words.drag);
    this.find(".to").setAttribute("aria-label", `${words.to} ${titles[to]}`);
    tileOf(this.find(".to i"), faces, to, titles.length);
    write(this.find(".play span"), this.playing ? words.stop : words.play);
  }

  pull(event, moving) {
    const { left, width } = this.strip.getBoundingClientRect();
    const frame = clamp(Math.floor(((event.clientX - left) / width) * this.count), 0, this.count - 1);
    if (frame !== this.walk || !moving) this.go(frame, moving);
  }

  go(frame, moving) {
    this.walked(clamp(frame, 0, this.count - 1), moving);
  }

  play() {
    let frame = 0;
    this.playing = setInterval(() => {
      const last = frame === this.count - 1;
      if (last) this.stop();
      this.go(frame++, !last);
    }, STEP);
    this.go(frame++, true);
  }

  stop() {
    clearInterval(this.playing);
    this.playing = 0;
    if (this.words) write(this.find(".play span"), this.words.play);
  }
}
