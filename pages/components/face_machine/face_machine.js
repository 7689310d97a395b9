// The machine: hide a part at the left, 300 numbers in the middle, what comes back at the right. Shapes (pad.js),
// hide buttons, methods and the six answers are switched here, at once; Python is told and sends what they lead to.

// What an exercise may leave out, by its name in the address, and what a locked one lets nobody touch.
const CONTROLS = {
  ...{ holes: ".hide", box: "[data-tool=box]", brush: "[data-tool=brush]", eraser: "[data-tool=eraser]" },
  ...{ undo: "[data-act=undo]", redo: "[data-act=redo]", peek: ".peek", faces: ".faces, .one", methods: ".methods" },
  ...{ another: ".another", six: ".six", verdict: ".verdict", figures: ".verdict details", map: ".place", turn: ".turn" },
};
const CHANGES = [".hide", ".pad", ".tools", "[data-act=undo]", "[data-act=redo]", ".faces, .one"];

/** Whether the tabs under the machine are on the screen, so that they can be pressed. */
function seesBelow() {
  const tabs = document.querySelector(".stTabs");
  return !tabs || tabs.getBoundingClientRect().top < innerHeight - 20;
}

class Machine {
  below = true; // whether Python has been told that what stands under the machine is on the screen
  kept = new Map(); // what Python sends once, by its name
  chosen = null; // the method that stands large
  nth = 0; // which of its answers, where it has many
  six = false; // whether six of them are shown
  seeds = new Map(); // of random boxes, by the shapes they are

  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, find, methods: find(".methods"), chips: find(".hide"), grid: find(".answer .grid") });
    this.faces = new Faces(root);
    this.faces.taken = (face) => this.trigger("took", face);
    this.pad = new Pad(root);
    this.pad.state = () => this.drawn();
    this.pad.changed = () => this.markChips();
    this.pad.says = () => this.inWords();
    this.pad.looked = (lens) => this.follow(lens);
    this.answer = new Answer(root);
    this.tile = new Tile(root);
    this.tile.turns = (number) => this.trigger("went", ["codes", number]);
    this.place = new Place(root);

    this.chips.addEventListener("click", (event) => this.hide(event.target.closest("button")));
    this.methods.addEventListener("click", (event) => this.choose(event.target.closest("button")?.dataset.method));
    find(".another").addEventListener("click", () => this.ask(this.nth + 1, false));
    find(".six").addEventListener("click", () => this.ask(this.nth, !this.six));
    this.grid.addEventListener("click", (event) => {
      const node = event.target.closest("button");
      if (node) this.ask([...this.grid.children].indexOf(node), false);
    });
    find(".turn").addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab
      event.preventDefault();
      this.trigger("went", ["codes", 0]);
    });
    document.addEventListener("pointerdown", this.shut);
    document.addEventListener("machine:rest", this.complete);
    document.addEventListener("scroll", this.lookBelow, { capture: true, passive: true });
    window.addEventListener("resize", this.lookBelow);
  }

  leave() {
    this.pad.leave();
    this.place.leave();
    document.removeEventListener("pointerdown", this.shut);
    document.removeEventListener("machine:rest", this.complete);
    document.removeEventListener("scroll", this.lookBelow, { capture: true });
    window.removeEventListener("resize", this.lookBelow);
  }

  /** A press outside the figures closes them. */
  shut = (event) => {
    const details = this.find("details");
    if (!event.composedPath().includes(details)) details.open = false;
  };

  /** All that Python has to know, with the names of what need not be sent again. */
  tell(have = [...this.kept.keys()]) {
    const { chosen: method, nth, six } = this;
    const { shapes } = this.pad;
    this.below = seesBelow();
    this.state("now", { turn: this.data.turn, shapes, seed: this.seed, method, nth, six, have, below: this.below });
  }

  phrase(key, values) {
    return phrase(this.data.words, key, values);
  }

  /** What stands under the machine is computed when it is on the screen. */
  lookBelow = () => {
    if (!this.below && this.data && seesBelow()) this.tell();
  };

  drawn() {
    this.six = false;
    this.tell();
  }

  /** The answer shows the same part of the face as the pad. */
  follow({ zoom, x, y, size }) {
    const [left, top] = [x, y].map((value) => `${(-100 * value * zoom) / size}%`);
    this.find(".answer").style.setProperty("--lens", zoom === 1 ? "none" : `translate(${left}, ${top}) scale(${zoom})`);
  }

  /** That of the random box, where nothing else is drawn. */
  get seed() {
    return this.seeds.get(JSON.stringify(this.pad.shapes)) ?? null;
  }

  /** What the pad says while nothing is selected; empty: whatever it says itself. */
  inWords() {
    const { shapes, selected, tool } = this.pad;
    if (selected >= 0 || tool !== "box" || shapes.length >= this.data.most) return "";
    return this.seed === null ? this.phrase("drag-any") : this.phrase("random-seed", { seed: this.seed });
  }

  /** The answers that were not there when Python sent the machine; they may come before it. */
  complete = ({ detail }) => {
    this.rest = detail;
    if (this.sent?.message !== detail.message || !this.face) return;
    this.data = this.joined(this.sent);
    this.show();
  };

  /** Machine and rest of one message; till the rest is there, place and verdict are those of the stroke before. */
  joined(data) {
    const { rest } = this;
    if (data.place) return data;
    const { place, verdict, figures, figures_note } = rest?.message === data.message ? rest : (this.data ?? {});
    const told = { ...data, place, verdict, figures, figures_note };
    if (rest?.message !== data.message) return told;
    const methods = data.methods.map((one) => rest.methods.find(({ name }) => name === one.name) ?? one);
    return { ...told, methods, numbers: { ...data.numbers, ...rest.numbers } };
  }

  update(sent) {
    const data = this.joined(sent);
    Object.assign(this, { sent, data });
    for (const [name, content] of Object.entries(data.once)) {
      if (content !== null) this.kept.set(name, content);
    }
    // Python believes what an earlier element here had: it is asked for all of it, and nothing is shown till then.
    if (Object.keys(data.once).some((name) => !this.kept.has(name))) {
      Object.assign(this.pad, { shapes: data.shapes });
      return this.tell([]);
    }
    const [face, strip] = Object.keys(data.once).map((name) => this.kept.get(name));
    this.face = face;
    if (this.turnOfMethod !== data.turn) Object.assign(this, { chosen: data.chosen, nth: data.nth, six: data.six });
    this.turnOfMethod = data.turn;
    if (data.seed !== null) this.seeds.set(JSON.stringify(data.shapes), data.seed);
    this.showChips();
    this.faces.update(strip, data.face, data.words);
    this.pad.update({ ...data, image: face });
    this.place.explain(data.words);
    setAddress(this.find(".turn"), data.codes, "href");
    for (const [name, control] of Object.entries(CONTROLS)) {
      for (const node of this.root.querySelectorAll(control)) node.classList.toggle("left-out", data.hide.includes(name));
    }
    for (const node of this.root.querySelectorAll(CHANGES)) node.inert = data.locked;
    this.show();
  }

  /** What is chosen here, of what Python has sent: the large answer first, which the eye waits for. */
  async show() {
    const { data, face } = this;
    const asked = data.asked;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const method = data.methods.find((one) => one.name === this.chosen) ?? data.methods[0];
    const nth = method.many ? this.nth : 0;
    const large = nth === data.nth || !method.many ? method : this.nthOf(nth);
    const showing = this.answer.show(face, large, this.phrase("comes-back", { title: method.title }));
    fillWith(this.methods, data.methods.length, methodButton);
    const small = data.methods.map((one, i) => showMethod(this.methods.children[i], face, one, method.name));
    this.find(".dot").style.setProperty("--c", method.colour);
    write(this.find(".title .name"), method.title);
    write(this.find(".why"), this.why(method, nth));
    for (const name of [".another", ".six"]) this.find(name).classList.toggle("absent", !method.many);
    const six = this.six && method.many;
    this.find(".six").setAttribute("aria-pressed", six);
    this.grid.hidden = !six;
    if (six) this.showSix(face, data.six_answers);
    showVerdict(this.find, data);
    const done = await showing;
    if (done && asked === this.data.asked) this.painted("restored", `${asked} ${method.name} ${nth}`);
    onScreen(() => turn === this.turn && this.showNumbers(method));
    if (data.methods.some((one) => one.waits)) return;
    await Promise.all(small);
    if (asked === this.data.asked) this.painted("methods", asked);
  }

  /** What the method makes of the face in numbers, and their place on the map. */
  showNumbers(method) {
    const { data } = this;
    this.tile.show(data.numbers[method.numbers] ?? null, data.hidden, data.words, method.numbers);
    this.place.show(data.place);
    if (this.asked !== data.asked) this.tile.pulse();
    this.asked = data.asked;
  }

  /** An answer of the painter that is not the one Python knows to be shown: out of the six, or it is on its way. */
  nthOf(nth) {
    const patch = this.data.six_answers[nth];
    return patch ? { patch } : { waits: true };
  }

  /** Once for each question. */
  painted(detail, what) {
    this.marks ??= {};
    if (this.marks[detail] === what) return;
    this.marks[detail] = what;
    onScreen(() => performance.mark("pictures:painted", { detail }));
  }

  why(method, nth) {
    if (this.six && method.many) return this.phrase("six-why");
    return nth ? this.phrase("nth-why", { number: nth + 1 }) : method.why;
  }

  showSix(face, answers) {
    fillWith(this.grid, 6, () => {
      const node = document.createElement("button");
      node.type = "button";
      node.append(document.createElement("canvas"));
      return node;
    });
    [...this.grid.children].forEach(async (node, i) => {
      node.setAttribute("aria-label", this.phrase("answer", { number: i + 1 }));
      node.classList.toggle("waits", !answers[i]);
      const [below, image] = await Promise.all([picture(face), picture(answers[i]?.url)]);
      if (below) paint(node.firstChild, below, answers[i], image, 256);
      node.dataset.picture = answers[i]?.id ?? "";
    });
  }

  // -- what a hand does

  choose(name) {
    if (!name || name === this.chosen) return;
    if (this.data.methods.find((one) => one.name === name)?.asks) {
      document.querySelector(".stTabs")?.scrollIntoView({ behavior: isStill() ? "instant" : "smooth" });
      return this.trigger("went", [name, 0]); // it is slow, and starts there
    }
    Object.assign(this, { chosen: name, nth: 0, six: false });
    this.say();
  }

  ask(nth, six) {
    Object.assign(this, { nth, six });
    this.say();
  }

  say() {
    this.tell();
    this.show();
  }

  // -- hide buttons

  showChips() {
    const { holes } = this.data;
    if (this.holes === JSON.stringify(holes.map(([name]) => name))) return;
    this.holes = JSON.stringify(holes.map(([name]) => name));
    this.chips.replaceChildren(...[...holes, ["random"], ["clear"]].map(([name, box]) => chip(name, this.phrase(`hole.${name}`), box)));
  }

  markChips() {
    const { shapes } = this.pad;
    const box = shapes.length === 1 ? JSON.stringify(shapes[0].box) : "";
    const known = new Map(this.data?.holes.map(([name, hole]) => [name, JSON.stringify(hole)]));
    for (const node of this.chips.children) {
      const name = node.dataset.hole;
      if (known.has(name)) node.setAttribute("aria-pressed", known.get(name) === box);
      if (name === "clear") node.setAttribute("aria-disabled", !shapes.length);
    }
  }

  hide(node) {
    if (!node) return;
    const name = node.dataset.hole;
    if (name === "clear") return this.pad.clear();
    const [, box] = this.data.holes.find(([known]) => known === name) ?? [name, this.data.random.box];
    if (name === "random") this.seeds.set(JSON.stringify([{ box }]), this.data.random.seed);
    this.pad.put([{ box }]);
  }
}

export default component(".machine", Machine);
