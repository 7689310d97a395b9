// The tile of 300 numbers: blue is less than most faces have, orange more; a ring is a number that the hole changed.

const LEVELS = 5; // of colour, one every half deviation
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;

class Tile {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, tile: find(".tile"), cell: find(".how .cell"), waist: find(".waist") });
    Object.assign(this, { what: find(".how .what"), changed: find(".how .changed :last-child"), brief: find(".brief") });
    fillWith(this.tile, 300, () => document.createElement("i"));
    this.cells = [...this.tile.children];
    for (const way of ["pointerover", "pointerdown"]) {
      this.tile.addEventListener(way, (event) => this.point(this.cells.indexOf(event.target)));
    }
    // A click leads to where it can be turned; a finger's first tap only says what it is.
    this.tile.addEventListener("pointerdown", ({ target }) => (this.again = target === this.pressed));
    this.tile.addEventListener("click", ({ target, pointerType }) => {
      const silent = !this.what.parentNode.offsetParent; // on a phone nothing is said of it
      if (this.numbers && (pointerType === "mouse" || this.again || silent)) this.turns(this.numberOf(target));
      this.pressed = target;
    });
    this.tile.addEventListener("pointerleave", () => this.point(-1));
    const press = (i) => this.numbers && this.turns(this.numberOf(this.cells[i]));
    walkCells(this.tile, this.cell, (i) => this.point(i), press);
  }

  /** What the machine hears when a number is to be turned. */
  turns() {}

  /** Which number of the code a cell is, from 1 on; 0: none, for the weights of a draft are another 300. */
  numberOf(cell) {
    return this.ofCode ? this.cells.indexOf(cell) + 1 : 0;
  }

  /** numbers: {values, intact, moved}, the first two in hundredths of a deviation; null where a method has none.
   * kind: "code", "search" (a code that was searched for), "draft" or "answer n" (the weights of a draft). */
  show(numbers, hidden, words, kind) {
    Object.assign(this, { phrases: words, ofCode: kind === "code" || kind === "search" });
    if (this.numbers === numbers) return;
    const moved = new Set(numbers?.moved);
    this.numbers = numbers;
    this.cells.forEach((cell, i) => {
      const value = (numbers?.values[i] ?? 0) / 100;
      const level = Math.min(LEVELS, Math.round(Math.abs(value) * 2));
      const walked = cell.classList.contains("walked") ? " walked" : ""; // by the keyboard
      const name = `${value < 0 ? "less" : "more"} level${level}${moved.has(i) ? " moved" : ""}${walked}`;
      if (cell.className !== name) cell.className = name;
    });
    const count = moved.size;
    this.root.classList.toggle("numberless", !numbers);
    write(this.root.querySelector(".many b"), numbers ? "300" : "0");
    this.explain(words, numbers ? kind.split(" ")[0] : "none", numbers && hidden ? "changed" : "none-changed", count);
    this.tile.setAttribute("aria-label", phrase(words, numbers ? "tile" : "no-numbers", { count }));
    this.point(-1);
  }

  /** What the numbers are to the method, and what the hole did to them; on a phone both behind one tap. */
  explain(words, kind, hole, count) {
    const [what, changed] = [phrase(words, `is.${kind}`), phrase(words, hole, { count })];
    const says = [phrase(words, `is.${kind}.says`), phrase(words, "changed.says")];
    sayTerm(this.what, what, says[0]);
    sayTerm(this.changed, changed, says[1]);
    const told = kind === "none" ? says[0] : phrase(words, "brief.says", { what, changed, is: says[0], rings: says[1] });
    sayTerm(this.brief, phrase(words, kind === "none" ? "brief.none" : "brief"), told);
  }

  /** What a cell is, in the place of what all of them are; -1: none is pointed at. */
  point(i) {
    const { numbers } = this;
    if (i < 0 || !numbers) return write(this.cell, "");
    const [now, before] = [numbers.values[i] / 100, numbers.intact[i] / 100].map(signed);
    const key = `${numbers.moved.includes(i) ? "moved-" : ""}${this.ofCode ? "number" : "weight"}`;
    write(this.cell, phrase(this.phrases, key, { number: i + 1, now, before }));
  }

  /** One pulse through the lines of both funnels. */
  pulse() {
    if (isStill()) return;
    this.waist.classList.remove("go");
    void this.waist.offsetWidth; // so that the animation begins anew
    this.waist.classList.add("go");
  }
}
