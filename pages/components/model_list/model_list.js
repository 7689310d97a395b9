// Networks, a line each; the card opens under its line, one at a time. The filter and the open card are switched here.

class ModelList {
  group = ""; // the only one that is shown; empty: all

  constructor(root) {
    this.root = root;
    this.filters = root.querySelector(".filters");
    this.list = root.querySelector(".list");
    this.filters.addEventListener("click", (event) => this.choose(event.target.closest("button")));
    this.list.addEventListener("click", (event) => this.copy(event.target.closest("button")));
  }

  update(data) {
    if (this.seen === JSON.stringify(data)) return; // a rerun of the page closes no card
    const opened = this.seen ? this.opened : data.opened;
    Object.assign(this, { data, seen: JSON.stringify(data), opened });
    const { models, groups, words } = data;
    const most = Math.max(...models.map((model) => model.bytes));
    this.filters.setAttribute("aria-label", words.filter);
    this.filters.replaceChildren(
      ...[{ name: "", filter: words.all }, ...groups].map(({ name, filter }) =>
        make("button", { type: "button", className: "key", value: name }, filter),
      ),
    );
    this.list.replaceChildren(
      ...groups.flatMap((group) => [
        groupHead(group, words),
        ...models.filter((model) => model.group === group.name).map((model) => this.line(model, most)),
      ]),
    );
    this.show();
  }

  line(model, most) {
    const node = make("details", { className: "line" }, summary(model, most));
    Object.assign(node.dataset, { name: model.name, group: model.group });
    node.open = model.name === this.opened;
    if (node.open) node.append(card(model, this.data.words));
    node.addEventListener("toggle", () => this.toggle(node, model));
    return node;
  }

  /** The card is made when it is first opened; another one closes. */
  toggle(node, model) {
    if (node.open) {
      if (!node.querySelector(".card")) node.append(card(model, this.data.words));
      for (const other of this.list.querySelectorAll("details[open]")) other.open = other === node;
    } else if (this.opened !== model.name) return; // closed since another one has opened
    this.opened = node.open ? model.name : "";
    this.state("opened", this.opened);
  }

  choose(button) {
    if (!button) return;
    this.group = button.value;
    this.show();
  }

  show() {
    for (const node of this.filters.children) node.setAttribute("aria-pressed", node.value === this.group);
    for (const node of this.list.children) node.hidden = this.group !== "" && node.dataset.group !== this.group;
  }

  async copy(button) {
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.command);
      write(button, this.data.words.copied);
    } catch {
      getSelection().selectAllChildren(button.previousElementSibling); // not allowed: it is marked, to be copied by hand
    }
  }
}

/** An element with these properties; what is appended is text or elements, never HTML. */
function make(tag, properties = {}, ...content) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...content);
  return node;
}

const span = (className, ...content) => make("span", { className }, ...content);

function icon(path, className = "") {
  const node = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": true, class: className });
  node.append(svg("path", { d: path }));
  return node;
}

const ARROW = "M5 12h14M13 6l6 6-6 6";
const DOWN = "m6 9 6 6 6-6";
const CHIP =
  "M6.5 6.5h11v11h-11zM9.5 6.500v-3M14.500 6.500v-3M9.500 20.500v-3M14.500 20.500v-3M6.500 9.500h-3M6.500 14.500h-3M20.500 9.500h-3M20.500 14.500h-3";
const CARD = "M2.500 6.500h19v10.500h-19zM5 17v3M8.500 17v3M5.500 11.700a2.500 2.500 0 1 0 5 0a2.500 2.500 0 1 0-5 0M13.500 11.700a2.500 2.500 0 1 0 5 0a2.500 2.500 0 1 0-5 0";
const NO = "M3.500 12a8.500 8.500 0 1 0 17 0a8.500 8.500 0 1 0-17 0M6 6l12 12";
const YES = "M3.500 12a8.500 8.500 0 1 0 17 0a8.500 8.500 0 1 0-17 0M8 12.300l2.800 2.800L16 9.500";

function groupHead(group, words) {
  const node = make(
    "div",
    { className: "group" },
    make("div", { className: "say" }, make("h2", {}, group.title), span("", group.says, make("b", {}, group.never))),
    ...words.columns.map((word) => span("label", word)),
  );
  node.dataset.group = group.name;
  return node;
}

function summary(model, most) {
  const what = span("what", make("b", {}, model.title), span("does", model.says), make("code", {}, model.name));
  if (model.trouble) return make("summary", {}, span("pair"), what, span("trouble", model.trouble));
  const gauge = make("i");
  gauge.style.width = `${(model.bytes / most) * 100}%`;
  return make(
    "summary",
    {},
    pair(model),
    what,
    span(
      "facts",
      span("number", make("b", {}, model.size), span("gauge", gauge)),
      span("number", model.parameters),
      span(`where${model.gpu ? " gpu" : ""}`, icon(model.gpu ? CARD : CHIP), span("number", model.time, make("small", {}, model.hardware))),
    ),
    span("may", make("b", {}, icon(model.free ? YES : NO), model.licence), span("", model.expect)),
    icon(DOWN, "down"),
  );
}

function pair({ pair: [given, answer], pixelated }) {
  const picture = (src) => make("img", { src, alt: "", className: pixelated ? "pixelated" : "" });
  return span("pair", picture(given), icon(ARROW), picture(answer));
}

function card(model, words) {
  const table = make("table");
  for (const [name, value] of model.figures) {
    const head = make("th", { scope: "row" }, name);
    table.append(make("tr", {}, head, make("td", {}, value)));
  }
  const paragraphs = model.texts.flatMap(([heading, text]) => [make("h3", {}, heading), make("p", {}, text)]);
  const commands = model.commands.flatMap(([says, command]) => {
    const button = make("button", { type: "button", className: "key" }, words.copy);
    button.dataset.command = command;
    return [make("h3", {}, says), make("code", { className: "command" }, command), button];
  });
  const training = model.losses.length > 1 ? curve(model.losses, words, model.curve) : make("p", {}, words.no_curve);
  return make(
    "div",
    { className: "card" },
    make("div", {}, make("h3", {}, words.figures), table),
    make("div", {}, make("h3", {}, words.training), training, make("p", {}, model.curve)),
    make("div", {}, ...commands, make("p", { className: "foot" }, model.foot)),
    make("div", { className: "texts" }, ...paragraphs.reduce(inPairs, [])),
  );
}

/** A heading and its paragraph stand together. */
function inPairs(pairs, node, i) {
  if (i % 2) pairs.at(-1).append(node);
  else pairs.push(make("section", {}, node));
  return pairs;
}

/** The loss as a line over all of training, its highest and lowest value written at the side. */
function curve(losses, words, says) {
  const [width, height, left, below] = [360, 150, 44, 32];
  const [high, low] = [Math.max(...losses), Math.min(...losses)];
  const x = (i) => left + (i / (losses.length - 1)) * (width - left - 6);
  const y = (loss) => 10 + ((high - loss) / (high - low || 1)) * (height - below - 10);
  const label = (text, at) => Object.assign(svg("text", at), { textContent: text });
  const node = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "curve", role: "img", "aria-label": says });
  const last = losses.length - 1;
  node.append(
    svg("path", { class: "axis", d: `M${left} 10H${width - 6}M${left} ${height - below}H${width - 6}` }),
    label(high.toPrecision(3), { x: left - 6, y: 14, "text-anchor": "end" }),
    label(low.toPrecision(3), { x: left - 6, y: height - below + 4, "text-anchor": "end" }),
    svg("path", { class: "loss", d: line(losses.map((loss, i) => [x(i).toFixed(1), y(loss).toFixed(1)])) }),
    svg("circle", { cx: x(last), cy: y(losses[last]), r: 3.5 }),
    label(words.start, { x: left, y: height - 12 }),
    label(words.end, { x: width - 6, y: height - 12, "text-anchor": "end" }),
  );
  return node;
}

export default component(".model-list", ModelList);
