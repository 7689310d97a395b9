// The curves of runs and ten digits an epoch. Epochs come faster than an eye can follow: each stays a while.

const ROOM = { wide: 420, high: 300, left: 46, right: 12, top: 10, bottom: 28 };
const ERRORS = [0.01, 0.25]; // the axis, which keeps its range: logarithmic
const INKS = ["#1F77B4", "#FF7F0E", "#2CA02C", "#D62728", "#9467BD", "#8C564B", "#E377C2", "#7F7F7F", "#BCBD22", "#17BECF"];

class LessonTraining {
  shown = 0; // epochs of the newest run that the eye has been given
  paused = false;

  constructor(root) {
    const [curve, rows, map] = root.children;
    const [svg, canvas, hold] = [curve.querySelector("svg"), map.querySelector("canvas"), curve.querySelector(".hold")];
    Object.assign(this, { root, curve, rows, map, svg, canvas, hold });
    hold.addEventListener("click", () => {
      if (hold.ariaDisabled === "true") return;
      this.paused = !this.paused;
      this.state("paused", this.paused ? this.name : "");
      this.show();
    });
  }

  get newest() {
    return this.data.runs.at(-1);
  }

  /** Whether there is more of the newest run to be seen than the eye has been given. */
  get goesOn() {
    return Boolean(this.newest) && (this.shown < this.newest.epochs.length - 1 || !this.newest.ended);
  }

  leave() {
    clearInterval(this.clock);
    this.clock = undefined;
  }

  update(data) {
    this.data = data;
    if (this.newest?.name !== this.name) Object.assign(this, { name: this.newest?.name, shown: 0, due: undefined, paused: false });
    if (this.newest?.epochs.length) this.due ??= performance.now() + data.pace;
    this.clock ??= setInterval(() => this.tick(), 50);
    if (isStill() && !this.paused) this.shown = Math.max(0, (this.newest?.epochs.length ?? 1) - 1);
    this.show();
  }

  tick() {
    if (!this.root.isConnected) return this.leave();
    const now = performance.now();
    if (this.paused || !this.newest || this.shown >= this.newest.epochs.length - 1 || now < this.due) return;
    this.shown += 1;
    this.due = Math.max(now - this.data.pace / 2, this.due) + this.data.pace; // a late frame is made up for
    this.show();
  }

  show() {
    const { runs, given, epochs, words } = this.data;
    const { newest } = this;
    write(this.hold, this.paused ? words["go-on"] : words.pause);
    this.hold.setAttribute("aria-disabled", !this.goesOn);
    this.root.dataset.shown = this.shown; // for whoever waits for an epoch
    write(this.curve.querySelector("h3"), words.curve);
    write(this.rows.querySelector("h3"), words.rows);
    write(this.map.querySelector("h3"), words.map);
    this.drawCurve(runs, epochs, words);
    const list = this.rows.querySelector(".rows");
    const lines = [{ name: words.given, url: given }];
    for (let epoch = 0; epoch <= epochs; epoch++) {
      const known = epoch <= this.shown ? newest?.epochs[epoch] : undefined;
      lines.push({ name: epoch ? `${epoch}` : words.start, url: known?.ten });
    }
    fillWith(list, lines.length, trainingRow);
    lines.forEach(({ name, url }, i) => {
      const [title, image] = list.children[i].children;
      write(title, name);
      image.style.visibility = url ? "visible" : "hidden";
      image.alt = url ? `${words.rows} ${name}` : "";
      if (url) setAddress(image, url);
    });
    const places = newest?.epochs[this.shown];
    this.map.hidden = !places?.map;
    if (places?.map) this.drawMap(places);
  }

  drawCurve(runs, epochs, words) {
    const { wide, high, left, right, top, bottom } = ROOM;
    const across = (epoch) => left + ((wide - left - right) * epoch) / epochs;
    const down = (error) =>
      top + ((high - top - bottom) * Math.log(ERRORS[1] / clamp(error, ...ERRORS))) / Math.log(ERRORS[1] / ERRORS[0]);
    const nodes = [];
    const label = (x, y, said, anchor) => {
      const node = svg("text", { x, y, "text-anchor": anchor });
      node.textContent = said;
      nodes.push(node);
    };
    for (const error of [0.01, 0.02, 0.05, 0.1, 0.2]) {
      nodes.push(svg("path", { d: `M${left} ${down(error)}H${wide - right}`, class: "level" }));
      label(left - 6, down(error) + 4, `${error}`, "end");
    }
    const step = Math.ceil(epochs / 8);
    for (let epoch = 0; epoch <= epochs; epoch += step) label(across(epoch), high - 8, `${epoch}`, "middle");
    runs.forEach(({ points }, i) => {
      const until = i === runs.length - 1 ? this.shown : Infinity;
      const seen = points.filter(([epoch, error]) => epoch <= until && error !== null);
      if (!seen.length) return;
      const places = seen.map(([x, y]) => [across(x), down(y)]);
      const [cx, cy] = places.at(-1);
      nodes.push(svg("path", { d: line(places), class: `run run${i}` }), svg("circle", { cx, cy, r: 4, class: `tip run${i}` }));
    });
    this.svg.setAttribute("viewBox", `0 0 ${wide} ${high}`);
    draw(this.svg, { preserveAspectRatio: "xMinYMid", "aria-label": words.curve });
    this.svg.replaceChildren(...nodes);
    const legend = this.curve.querySelector(".legend");
    fillWith(legend, runs.length, () => document.createElement("li"));
    runs.forEach(({ note }, i) => {
      legend.children[i].className = `run${i}`;
      write(legend.children[i], note);
    });
  }

  drawMap({ map, classes }) {
    const pen = this.canvas.getContext("2d");
    const side = this.canvas.width;
    const ends = (axis) => [Math.min(...map.map((one) => one[axis])), Math.max(...map.map((one) => one[axis]))];
    const [[x0, x1], [y0, y1]] = [ends(0), ends(1)];
    pen.clearRect(0, 0, side, side);
    map.forEach(([x, y], i) => {
      pen.fillStyle = INKS[classes[i]];
      pen.beginPath();
      pen.arc(8 + ((side - 16) * (x - x0)) / (x1 - x0 || 1), 8 + ((side - 16) * (y - y0)) / (y1 - y0 || 1), 2.5, 0, 7);
      pen.fill();
    });
  }
}

function trainingRow() {
  const node = document.createElement("div");
  node.append(document.createElement("span"), document.createElement("img"));
  return node;
}

export default component(".training", LessonTraining);
