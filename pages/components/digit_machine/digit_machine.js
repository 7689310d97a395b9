// A noisy digit at the left, 50 numbers in the middle, what comes back at the right. The method is switched here, at
// once; Python is told.

const LEVELS = 5; // of colour, one every half deviation
const COUNT = 50;
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value / 100).toFixed(1)}`;
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

class DigitMachine {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, find, tile: find(".tile"), methods: find(".methods"), chances: find(".chances") });
    fillWith(this.tile, COUNT, () => document.createElement("i"));
    fillWith(this.chances, 10, () => {
      const node = document.createElement("li");
      node.append(document.createElement("i"), document.createElement("span"));
      return node;
    });
    this.cells = [...this.tile.children];
    for (const way of ["pointerover", "pointerdown"]) {
      this.tile.addEventListener(way, (event) => this.point(this.cells.indexOf(event.target)));
    }
    this.tile.addEventListener("pointerleave", () => this.point(-1));
    walkCells(this.tile, find(".moved"), (i) => this.point(i));
    this.methods.addEventListener("click", (event) => this.choose(event.target.closest("button")?.value));
    whileHeld(find(".hold"), (on) => {
      this.held = on; // the digit shows without its noise
      this.showGiven();
    });
  }

  update(data) {
    this.chosen ??= data.chosen;
    const [asked, turn] = data.asked;
    const another = this.turn !== undefined && this.turn !== turn;
    Object.assign(this, { data, turn });
    this.show();
    if (another) this.choose(asked);
  }

  choose(method) {
    if (!method || method === this.chosen) return;
    this.chosen = method;
    this.show();
    this.state("method", method);
  }

  show() {
    const { answers, words, label, before, verdict } = this.data;
    const large = answers.find(({ method }) => method === this.chosen) ?? answers[0];
    this.large = large;
    this.showGiven();
    write(this.find(".hold span"), words.hold);
    this.find(".hold").setAttribute("aria-label", words.hold); // on a phone the word is not shown
    write(this.find(".given .label"), label);
    write(this.find(".given .before"), before);
    this.root.style.setProperty("--c", large.colour);
    write(this.find(".name"), large.name);
    write(this.find(".why"), large.why);
    this.showPicture(".answer", large.picture, filled(words.answer, { name: large.name }));
    this.showReading(large);
    this.showNumbers(large.numbers);
    fillWith(this.find(".verdict"), verdict.length, verdictLine);
    verdict.forEach(({ term, says, colour }, i) => {
      const [dt, dd] = this.find(".verdict").children[i].children;
      write(dt, term);
      write(dd, says);
      dd.classList.toggle("dotted", Boolean(colour));
      dd.style.setProperty("--c", colour);
    });
    this.methods.setAttribute("aria-label", words.methods);
    fillWith(this.methods, answers.length, methodButton);
    answers.forEach((answer, i) => this.fillMethod(this.methods.children[i], answer, answer === large));
  }

  showGiven() {
    const { given, clean, words, label } = this.data;
    this.showPicture(".given", this.held ? clean : given, filled(words.given, { label }));
  }

  showPicture(selector, address, says) {
    const image = this.find(`${selector} img`);
    setAddress(image, address);
    image.alt = says;
  }

  showReading({ chances }) {
    const { words } = this.data;
    const best = chances.indexOf(Math.max(...chances));
    write(this.find(".takes span"), words.takes);
    write(this.find(".sure"), filled(words.sure, { share: chances[best] }));
    write(this.find(".read"), `${best}`);
    this.find(".read").classList.toggle("wrong", this.isWrong(best));
    draw(this.find(".reading"), { role: "img", title: words.reader });
    this.find(".reading").setAttribute("aria-label", filled(words.reads, { digit: best, share: chances[best] }));
    [...this.chances.children].forEach((node, digit) => {
      node.classList.toggle("best", digit === best);
      node.firstChild.style.height = `${chances[digit]}%`;
      write(node.lastChild, `${digit}`);
    });
  }

  isWrong(digit) {
    return this.data.truth !== null && digit !== this.data.truth;
  }

  showNumbers(numbers) {
    const { words } = this.data;
    const moved = new Set(numbers?.moved);
    this.root.classList.toggle("numberless", !numbers);
    write(this.find(".many b"), numbers ? `${COUNT}` : "0");
    write(this.find(".many span"), words.many);
    this.cells.forEach((cell, i) => {
      const value = numbers?.values[i] ?? 0;
      cell.style.setProperty("--t", `var(--${value < 0 ? "less" : "more"})`);
      cell.style.setProperty("--a", `${(Math.min(LEVELS, Math.round(Math.abs(value) / 50)) / LEVELS) * 100}%`);
      cell.classList.toggle("ring", moved.has(i));
    });
    this.said = numbers ? filled(words.moved, { count: moved.size }) : words.not_used;
    this.tile.setAttribute("aria-label", this.said);
    this.point(-1);
  }

  /** What a cell is, in the line under the tile; -1: what all of them are. */
  point(i) {
    const { numbers } = this.large;
    if (i < 0 || !numbers) return write(this.find(".moved"), this.said);
    const values = { number: i + 1, now: signed(numbers.values[i]), before: signed(numbers.intact[i]) };
    write(this.find(".moved"), filled(this.data.words.cell, values));
  }

  fillMethod(node, { method, name, short, why, colour, picture, chances }, large) {
    const best = chances.indexOf(Math.max(...chances));
    node.style.setProperty("--c", colour);
    node.value = method;
    node.title = why;
    node.setAttribute("aria-pressed", large);
    node.setAttribute("aria-label", `${name}: ${filled(this.data.words.reads, { digit: best, share: chances[best] })}`);
    setAddress(node.querySelector("img"), picture);
    write(node.querySelector("b"), `${best}`);
    node.querySelector("b").classList.toggle("wrong", this.isWrong(best));
    write(node.lastChild, short);
  }
}

function verdictLine() {
  const node = document.createElement("div");
  node.append(document.createElement("dt"), document.createElement("dd"));
  return node;
}

/** A method's answer, small: what it is read as, its colour, its name. */
function methodButton() {
  const node = document.createElement("button");
  node.type = "button";
  const picture = document.createElement("span");
  picture.append(Object.assign(document.createElement("img"), { alt: "" }), document.createElement("b"));
  node.append(picture, document.createElement("span"));
  return node;
}

export default component(".digit-machine", DigitMachine);
