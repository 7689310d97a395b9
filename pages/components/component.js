// What the scripts of the components share. frontend.py puts it before each of them: together they are one module.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }; // down is positive

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const near = (a, b, within) => Math.hypot(a[0] - b[0], a[1] - b[1]) <= within;

/**
 * What a component's script exports: one `Part` for each element on the page that `selector` finds. It outlives every
 * rerun of the page's script and goes with its element.
 *
 * A part is made with its element. `update(data)` brings what Python sends, at the first run and at every later one;
 * `leave()`, where there is one, is called when it leaves the page. `state(name, value)` tells Python something that it
 * keeps, `trigger(name, value)` something that happens once.
 */
function component(selector, Part) {
  const parts = new WeakMap();
  return ({ data, parentElement, setStateValue, setTriggerValue }) => {
    const root = parentElement.querySelector(selector);
    if (!parts.has(root)) parts.set(root, new Part(root));
    const part = Object.assign(parts.get(root), { state: setStateValue, trigger: setTriggerValue });
    part.update(data[0]); // frontend.py says why it is a list
    return () => part.leave?.();
  };
}

/** When a message goes out: at once, at most one a `pause` (in ms), or when nothing has moved for a `pause`. */
class Post {
  last = -Infinity; // when one went out

  constructor(send, pause) {
    Object.assign(this, { send, pause });
  }

  now() {
    this.drop();
    this.last = performance.now();
    this.send();
  }

  /** At most one every `pause`, and always the last one. */
  sometimes() {
    this.in(Math.max(0, this.last + this.pause - performance.now()));
  }

  settled() {
    this.in(this.pause);
  }

  in(wait) {
    this.drop();
    if (wait) this.timer = setTimeout(() => this.now(), wait);
    else this.now();
  }

  /** What waits goes out now; nothing, where nothing waits. */
  flush() {
    if (this.timer) this.now();
  }

  /** What waits is not sent. */
  drop() {
    clearTimeout(this.timer);
    this.timer = null;
  }
}

// ---- what is on the page

const write = (node, text) => node.textContent !== text && (node.textContent = text);
const setAddress = (node, url, name = "src") => node.getAttribute(name) !== url && node.setAttribute(name, url);
/** Two frames later: then what has been drawn is on the screen. */
const onScreen = (next) => requestAnimationFrame(() => requestAnimationFrame(next));
const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** An address relative to the app's root, from whichever page: the root is where Streamlit's own scripts lie. */
function appAddress(url) {
  const script = [...document.scripts].map((node) => node.src).find((src) => src.includes("/static/js/"));
  return new URL(url, script ? new URL("../../", script) : document.baseURI).href;
}

/** The sentence of that key with its values; one that is missing is its key. */
const phrase = (words, key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

/** The words of a part's HTML: `data-say` names its text, `data-label` what a screen reader calls it, `data-hint` what is
 * said on pointing at it. */
function fillWords(root, words) {
  for (const node of root.querySelectorAll("[data-say]")) write(node, phrase(words, node.dataset.say));
  for (const node of root.querySelectorAll("[data-label]")) node.setAttribute("aria-label", phrase(words, node.dataset.label));
  for (const node of root.querySelectorAll("[data-hint]")) node.title = phrase(words, node.dataset.hint);
}

/** A glossary word: it says what it means when it is pointed at, tapped or reached by Tab; its style is term.css. */
function termOf(word, sentence) {
  const [node, says] = [document.createElement("span"), document.createElement("span")];
  node.className = "term";
  node.tabIndex = 0;
  draw(node, { role: "note", "aria-label": `${word}: ${sentence}` });
  says.className = "says";
  says.setAttribute("aria-hidden", true);
  says.textContent = sentence;
  node.append(word, says);
  return node;
}

/** A node whose only content is that glossary word. */
function sayTerm(node, word, sentence) {
  const label = `${word}: ${sentence}`;
  if (node.firstChild?.getAttribute?.("aria-label") !== label) node.replaceChildren(termOf(word, sentence));
}

/** As many children as there are things to show; those that stay keep their focus and their pictures. */
function fillWith(parent, count, make) {
  while (parent.children.length > count) parent.lastChild.remove();
  while (parent.children.length < count) parent.append(make());
}

/** Where a pointer is, in screen pixels from the upper left corner of a node. */
function placeIn(node, event) {
  const { left, top } = node.getBoundingClientRect();
  return [event.clientX - left, event.clientY - top];
}

function draw(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

const svg = (tag, attributes = {}) => draw(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes);

/** A path through the points; a single one becomes a line of no length, which its round ends turn into a dot. */
const line = (points) => `M${points.join("L")}${points.length === 1 ? "h0" : ""}`;
