// Dials at the left, 300 numbers in the middle, the face at the right. Numbers, wires and handles answer here, at once,
// and so does the decoded face, out of the track that the hand holds (track.js); Python finishes it when it has let go.

const LEVELS = 5; // of colour, one every half deviation
const RINGED = 0.3; // deviations that a number has moved
const ALONE = "alone"; // what a hand holds: the slider of one number, the film, else a dial by its name
const WALK = "walk";
const NEAR = 0.12; // of where the face itself lies: a handle that is held snaps to it, a key's step is smaller
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

class DialMachine {
  last = 0; // the dial that was touched last

  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, find, dials: find(".dials"), tile: find(".tile"), faces: find(".faces"), pick: find(".pick") });
    fillWith(this.tile, 300, () => document.createElement("i"));
    this.cells = [...this.tile.children];
    this.image = find(".face img");
    this.track = new Track(find(".face canvas"));
    this.film = new Film(root, (frame, moving) => this.walkTo(frame, moving));
    this.tile.addEventListener("pointerover", (event) => this.point(this.cells.indexOf(event.target)));
    this.tile.addEventListener("pointerleave", () => this.point(-1));
    this.tile.addEventListener("click", (event) => this.single(this.cells.indexOf(event.target) + 1));
    walkCells(this.tile, find(".moved"), (i) => this.point(i), (i) => this.single(i + 1));
    this.alone = find(".one input");
    this.listen(this.alone, () => {
      this.set({ number: this.now.number || 1, much: +this.alone.value, walk: -1 });
      return ALONE;
    });
    find(".zero").addEventListener("click", () => {
      this.set({ values: this.now.values.map(() => 0), number: 0, much: 0, walk: -1 });
      this.settle();
    });
    for (const [name, painted] of [[".raw", false], [".painted", true]]) {
      find(name).addEventListener("click", () => (this.set({ painted }), this.settle()));
    }
    this.faces.addEventListener("click", (event) => {
      const node = event.target.closest("button");
      if (node) this.trigger("took", [...this.faces.children].indexOf(node));
    });
    find(".another").addEventListener("click", () => this.trigger("another", true));
    find(".to").addEventListener("click", () => this.trigger("aimed", (this.data.to + 1) % this.data.titles.length));
    this.pick.addEventListener("click", (event) => {
      const node = event.target.closest("button");
      if (node) (this.last = [...this.pick.children].indexOf(node)), this.show();
    });
    this.sizes = new ResizeObserver(() => this.drawWires());
    this.sizes.observe(find(".waist"));
  }

  leave() {
    this.sizes.disconnect();
    this.film.leave();
  }

  /** A handle: a hand holds it until it lets go; a key lets go at once. moved() says what is held. */
  listen(input, moved) {
    input.addEventListener("pointerdown", () => (this.keyed = false));
    input.addEventListener("keydown", () => (this.keyed = true));
    input.addEventListener("input", () => {
      const of = moved();
      if (!this.keyed) this.hold(of);
    });
    input.addEventListener("change", () => this.settle());
  }

  /** Python is asked for the track once a hold; from then on the face follows here. */
  hold(of) {
    const asked = this.now.held === of;
    this.now.held = of;
    if (!asked) this.tell();
    this.follow();
  }

  follow() {
    const { held, values, much, walk } = this.now;
    if (!held) return;
    const i = this.data.dials.findIndex(({ name }) => name === held);
    const value = { [ALONE]: much, [WALK]: walk }[held] ?? values[i];
    if (!this.track.show(held, value)) return;
    write(this.find(".note"), held === WALK ? "" : `${i < 0 ? `#${this.now.number}` : this.data.dials[i].title} ${signed(value)}`);
    this.root.style.setProperty("--c", "var(--method-autoencoder)");
  }

  update(data) {
    this.data = { ...this.data, ...data }; // while a hand holds something only its track comes
    if (!this.data.dials) return this.state("now", { turn: data.turn, ...data.turned }); // it has come anew: all, please
    if (this.turn !== data.turn) this.now = { ...data.turned };
    this.turn = data.turn;
    if (data.track) return this.track.lay(data.track, () => this.follow());
    const { dials, titles } = data;
    fillWith(this.dials, dials.length, () => this.makeDial());
    fillWith(this.pick, dials.length, chipButton);
    fillWith(this.faces, titles.length, faceButton);
    this.show();
  }

  set(change) {
    Object.assign(this.now, change);
    this.show();
  }

  settle() {
    this.now.held = "";
    this.track.drop();
    this.tell();
    this.pulse();
  }

  tell() {
    this.state("now", { turn: this.turn, ...this.now });
  }

  walkTo(walk, moving) {
    this.set({ walk });
    if (moving) this.hold(WALK);
    else this.settle();
  }

  single(number) {
    if (number < 1) return;
    this.set({ number, much: number === this.now.number ? this.now.much : 0 });
    this.alone.focus();
  }

  // -- what is shown

  show() {
    const { data, now } = this;
    const { words } = data;
    write(this.find(".of-dials h2"), words.title);
    write(this.find(".of-dials p"), words.about);
    write(this.find(".zero span"), words.zero);
    write(this.find(".raw"), words.decoded);
    write(this.find(".painted span"), words.painted);
    write(this.find(".painted .wide"), words.by);
    this.find(".raw").setAttribute("aria-pressed", !now.painted);
    this.find(".painted").setAttribute("aria-pressed", now.painted);
    this.showFace();
    data.dials.forEach((dial, i) => this.showDial(this.dials.children[i], dial, i));
    this.pick.setAttribute("aria-label", words.title);
    [...this.pick.children].forEach((node, i) => {
      write(node, data.dials[i].title);
      node.setAttribute("aria-pressed", i === this.last);
      node.classList.toggle("turned", now.values[i] !== 0);
    });
    this.showNumbers();
    this.showFaces();
    write(this.find(".along"), now.walk < 0 && now.values[this.last] ? data.dials[this.last].along : words.half);
    this.film.show(data, now.walk);
    this.drawWires();
  }

  showFace() {
    const { image } = this;
    const { face, name, note } = this.data;
    if (this.now.held) return; // the track shows it
    write(this.find(".name"), name);
    write(this.find(".note"), note);
    this.root.style.setProperty("--c", this.now.painted ? "var(--method-painter)" : "var(--method-autoencoder)");
    image.alt = `${name}, ${note}`;
    const another = image.getAttribute("src") !== face;
    image.src = face;
    image.decode().catch(() => null).then(() => this.uncover(another));
  }

  /** What Python sent is there: it is shown unless a hand holds something again. */
  uncover(another) {
    if (this.now.held) return;
    this.track.hide();
    if (another) requestAnimationFrame(() => performance.mark("pictures:painted", { detail: "dialled" }));
  }

  makeDial() {
    const node = document.createElement("div");
    node.className = "dial";
    node.innerHTML =
      '<button type="button" class="end"><i></i></button><label><span></span><b><em></em><u></u></b><span></span>' +
      '<span class="track"><s></s><input type="range" step="0.05" /></span><small></small></label>' +
      '<button type="button" class="end"><i></i></button>';
    const i = () => [...this.dials.children].indexOf(node);
    const input = node.querySelector("input");
    this.listen(input, () => this.turnDial(i(), +input.value - this.data.dials[i()].place, !this.keyed));
    node.querySelectorAll(".end").forEach((end, which) =>
      end.addEventListener("click", () => (this.turnDial(i(), this.data.dials[i()].ends[which], false), this.settle())),
    );
    return node;
  }

  /** By hand it snaps to zero. */
  turnDial(i, value, byHand) {
    const { most, dials } = this.data;
    const values = [...this.now.values];
    values[i] = byHand && Math.abs(value) < NEAR ? 0 : Math.round(clamp(value, -most, most) * 20) / 20;
    this.last = i;
    this.set({ values, walk: -1 });
    return dials[i].name;
  }

  showDial(node, dial, i) {
    const { span, words, thumbnails, dials } = this.data;
    const value = this.now.values[i];
    const place = clamp(dial.place + value, -span, span);
    const share = (at) => `${((clamp(at, -span, span) + span) / (2 * span)) * 100}%`;
    const beyond = place < dial.usual[0] || place > dial.usual[1];
    const says = { a: share(dial.usual[0]), b: share(dial.usual[1]), z: share(dial.place), v: share(place) };
    for (const [name, at] of Object.entries(says)) node.style.setProperty(`--${name}`, at);
    node.classList.toggle("on", value !== 0);
    node.classList.toggle("now", i === this.last);
    node.classList.toggle("beyond", beyond && value !== 0);
    const [low, high] = node.querySelectorAll("label > span");
    write(low, dial.low);
    write(high, dial.high);
    write(node.querySelector("em"), dial.title);
    write(node.querySelector("u"), value ? signed(value) : "");
    write(node.querySelector("small"), beyond && value ? words.beyond : "");
    const input = node.querySelector("input");
    draw(input, { min: -span, max: span, "aria-label": dial.title });
    input.setAttribute("aria-valuetext", `${value ? signed(value) : "0"}${beyond && value ? `, ${words.beyond}` : ""}`);
    if (+input.value !== place) input.value = place;
    node.querySelectorAll(".end").forEach((end, which) => {
      end.setAttribute("aria-label", `${dial.title}: ${which ? dial.high : dial.low}`);
      tileOf(end.firstChild, thumbnails, which, 2, i, dials.length);
    });
  }

  /** By how much each of the 300 has moved, in deviations. */
  moved() {
    const { directions } = this.data;
    const { values, number, much } = this.now;
    const found = new Array(300).fill(0);
    values.forEach((value, i) => value && directions[i].forEach((step, k) => (found[k] += (value * step) / 100)));
    if (number) found[number - 1] += much;
    return found;
  }

  showNumbers() {
    const { data, now } = this;
    const { words } = data;
    this.shift = this.moved();
    let count = 0;
    this.cells.forEach((cell, i) => {
      const value = data.numbers[i] / 100 + this.shift[i];
      const ringed = Math.abs(this.shift[i]) >= RINGED;
      count += ringed;
      const level = Math.min(LEVELS, Math.round(Math.abs(value) * 2));
      const marks = [ringed && "ring", i + 1 === now.number && "single", cell.classList.contains("walked") && "walked"];
      const name = [value < 0 ? "less" : "more", `level${level}`, ...marks.filter(Boolean)].join(" ");
      if (cell.className !== name) cell.className = name;
    });
    this.said = filled(words.moved, { count });
    write(this.find(".many span"), words.many);
    this.tile.setAttribute("aria-label", this.said);
    this.point(-1);
    const most = data.most_alone;
    draw(this.alone, { min: -most, max: most });
    if (+this.alone.value !== now.much) this.alone.value = now.much;
    const one = this.find(".one");
    for (const [name, at] of [["a", -2], ["b", 2], ["z", 0], ["v", now.much]]) {
      one.style.setProperty(`--${name}`, `${((at + most) / (2 * most)) * 100}%`);
    }
    one.classList.toggle("on", Boolean(now.number && now.much));
    write(one.firstElementChild, now.number ? filled(words.alone, { number: now.number }) : words.pick);
    write(one.lastElementChild, now.much ? signed(now.much) : "0");
  }

  /** What a cell is, in the line under the tile; -1: what all of them are. */
  point(i) {
    const said = i < 0 ? this.said : filled(this.data.words.cell, {
      number: i + 1,
      now: signed(this.data.numbers[i] / 100 + this.shift[i]),
      before: signed(this.data.numbers[i] / 100),
    });
    write(this.find(".moved"), said ?? "");
  }

  showFaces() {
    const { faces, titles, chosen, words } = this.data;
    this.faces.setAttribute("aria-label", words.faces);
    [...this.faces.children].forEach((node, i) => {
      node.setAttribute("aria-label", titles[i]);
      node.title = titles[i];
      node.setAttribute("aria-pressed", i === chosen);
      tileOf(node.firstChild, faces, i, titles.length);
    });
    write(this.find(".another span"), words.another);
    this.find(".another").setAttribute("aria-label", words.another); // on a phone the words are not shown
  }

  drawWires() {
    const { now } = this;
    const wires = this.find(".wires");
    const { height } = wires.getBoundingClientRect();
    if (!now || !height) return;
    const [top, tall] = [this.tile.getBoundingClientRect().top - wires.getBoundingClientRect().top, this.tile.clientHeight];
    wires.setAttribute("viewBox", `0 0 56 ${height}`);
    fillWith(wires, now.values.length, () => svg("path"));
    now.values.forEach((value, i) => {
      const [y, to] = [(height * (i + 0.5)) / 8, top + (tall * (i + 0.5)) / 8];
      draw(wires.children[i], { d: `M10 ${y}C36 ${y} 24 ${to} 54 ${to}`, class: value && now.walk < 0 ? "on" : "" });
    });
  }

  /** One pulse through the lines of the funnel. */
  pulse() {
    if (isStill()) return;
    const waist = this.find(".waist");
    waist.classList.remove("go");
    void waist.offsetWidth; // so that the animation begins anew
    waist.classList.add("go");
  }
}

function chipButton() {
  return Object.assign(document.createElement("button"), { type: "button", className: "key" });
}

function faceButton() {
  const node = chipButton();
  node.className = "end";
  node.append(document.createElement("i"));
  return node;
}

export default component(".dial-machine", DialMachine);
