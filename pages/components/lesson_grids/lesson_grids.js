// Tables of numbers. In the first one a cell is chosen; a slider changes it. Python says what follows of that.
// Where there are frames a button plays them: cell by cell, what it adds to the last table.

const PACE = 700; // milliseconds a frame

class LessonGrids {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, tables: find(".tables"), turn: find(".turn"), slider: find("input"), shown: find("output") });
    this.post = new Post(() => this.state("cells", { rows: this.rows, chosen: this.chosen }), 60);
    this.tables.addEventListener("click", (event) => {
      const cell = event.target.closest("button");
      if (cell) this.choose(cell.dataset.at.split(",").map(Number));
    });
    this.play = find(".play");
    this.play.addEventListener("click", () => (this.clock ? this.stop() : this.start()));
    this.slider.addEventListener("input", () => {
      const [row, column] = this.chosen;
      this.rows[row][column] = Number(this.slider.value);
      this.show();
      this.post.sometimes();
    });
    this.tables.addEventListener("keydown", (event) => {
      const step = ARROWS[event.key];
      const cell = event.target.closest("button");
      if (!step || !cell) return;
      event.preventDefault();
      const [row, column] = cell.dataset.at.split(",").map(Number);
      const next = [clamp(row + step[1], 0, this.rows.length - 1), clamp(column + step[0], 0, this.rows[0].length - 1)];
      this.choose(next);
      this.tables.querySelector(`button[data-at="${next}"]`).focus();
    });
  }

  start() {
    this.at = 0;
    this.clock = setInterval(() => {
      this.at += 1;
      if (this.at >= this.data.frames.length || !this.root.isConnected) this.stop();
      else this.show();
    }, PACE);
    this.show();
  }

  stop() {
    clearInterval(this.clock);
    this.clock = this.at = undefined;
    this.show();
  }

  leave() {
    clearInterval(this.clock);
    this.clock = this.at = undefined;
  }

  choose(at) {
    this.chosen = at;
    this.show();
    this.post.now();
  }

  update(data) {
    if (this.data && JSON.stringify(this.data.frames) !== JSON.stringify(data.frames)) this.leave();
    this.data = data;
    this.chosen ??= data.chosen;
    const rows = data.grids[0].rows;
    const same = this.rows?.length === rows.length && this.rows[0].length === rows[0].length;
    if (!same) Object.assign(this, { rows: rows.map((row) => [...row]), chosen: data.chosen });
    this.show();
  }

  show() {
    const { label, change, frames, play, halt } = this.data;
    const frame = frames[this.at];
    const grids = frame ? [...this.data.grids.slice(0, -1), { ...this.data.grids.at(-1), ...frame }] : this.data.grids;
    this.here = frame ? frame.chosen : this.chosen;
    this.play.hidden = !frames.length;
    write(this.play, this.clock ? halt : play);
    this.root.dataset.frame = this.at ?? "";
    this.root.style.setProperty("--rows", Math.max(...grids.map(({ rows }) => rows.length)));
    fillWith(this.tables, grids.length, grid);
    grids.forEach((one, i) => this.fill(this.tables.children[i], { ...one, rows: i ? one.rows : this.rows }, i === 0));
    const [row, column] = this.chosen;
    this.turn.hidden = !change;
    write(this.turn.querySelector("span"), label);
    this.slider.value = this.rows[row][column];
    write(this.shown, `${this.rows[row][column]}`);
  }

  fill(node, { title, note, rows, marks, lit, figure, largest }, first) {
    const [name, said, cells, under] = node.children;
    write(name, title);
    write(said, note);
    write(under, figure);
    cells.style.setProperty("--columns", rows[0].length);
    const has = (list, row, column) => list.some(([r, c]) => r === row && c === column);
    fillWith(cells, rows.length * rows[0].length, () => document.createElement(first ? "button" : "i"));
    rows.forEach((numbers, row) =>
      numbers.forEach((number, column) => {
        const cell = cells.children[row * numbers.length + column];
        const dark = clamp(number / largest, 0, 1);
        write(cell, `${Math.round(number * 100) / 100}`);
        cell.style.setProperty("--dark", `${Math.round(dark * 80)}%`);
        cell.classList.toggle("deep", dark > 0.4);
        cell.classList.toggle("mark", has(marks, row, column));
        cell.classList.toggle("lit", has(lit, row, column));
        if (!first) return;
        cell.type = "button";
        cell.dataset.at = [row, column];
        const chosen = row === this.here[0] && column === this.here[1];
        cell.setAttribute("aria-pressed", chosen);
        cell.tabIndex = chosen ? 0 : -1;
      }),
    );
  }
}

function grid() {
  const node = document.createElement("section");
  node.append(...["h3", "p", "div", "p"].map((tag) => document.createElement(tag)));
  node.children[2].className = "cells";
  node.children[3].className = "figure";
  return node;
}

export default component(".grids", LessonGrids);
