// The classes of a latent map: which are shown, their keys below the map and their names in it.
// Put before latent_map.js.

const NAMED = 12; // up to so many classes are named in the map itself, where no colour needs looking up

class Legend {
  off = new Set(); // classes the visitor has switched off
  classes = []; // their names

  constructor(root, changed) {
    Object.assign(this, { keys: root.querySelector(".legend"), names: root.querySelector(".names"), changed });
  }

  visible = (k) => !this.off.has(k);

  write(classes, palette) {
    this.classes = classes ?? [];
    this.listed = this.classes.map((_, k) => k);
    this.keys.hidden = !this.listed.length;
    this.keys.replaceChildren(...this.listed.map((k) => this.key(k, palette[k % palette.length])));
    this.press();
  }

  key(k, colour) {
    const [button, swatch] = [document.createElement("button"), document.createElement("i")];
    swatch.style.background = colour;
    Object.assign(button, { type: "button", className: "key", onclick: () => this.toggle(k) });
    button.append(swatch, this.classes[k]);
    return button;
  }

  /** The first press leaves one class alone; the last one off brings all back. */
  toggle(k) {
    if (!this.off.size) this.off = new Set(this.listed.filter((other) => other !== k));
    else if (!this.off.delete(k)) this.off.add(k);
    if (this.listed.every((other) => this.off.has(other))) this.off.clear();
    this.press();
    this.changed();
  }

  press() {
    this.listed.forEach((k, i) => this.keys.children[i].setAttribute("aria-pressed", !this.off.has(k)));
  }

  /** Write every class's name where its points are thickest. */
  name(points) {
    const named = points && this.classes.length <= NAMED ? this.classes : [];
    this.names.replaceChildren(...named.map((name, k) => {
      const node = svg("text");
      node.textContent = name;
      return Object.assign(node, { middle: points.middle(k) });
    }));
  }

  place(view) {
    [...this.names.children].forEach((node, k) => {
      const on = node.middle && this.visible(k);
      node.toggleAttribute("hidden", !on);
      if (!on) return;
      const [x, y] = view.toScreen(node.middle);
      draw(node, { x, y });
    });
  }
}

const SHORTCUTS = { closer: " (+)", farther: " (-)", reset: " (0)" };

/** The keys under the map and what is read aloud of them, in the visitor's language. */
function nameKeys(root, words) {
  const notice = root.querySelector(".notice");
  if (!notice.textContent) notice.textContent = words.loading;
  root.querySelector(".legend").setAttribute("aria-label", words.classes);
  root.querySelector(".keys").setAttribute("aria-label", words.map);
  for (const key of root.querySelectorAll("[data-act]")) {
    const { act } = key.dataset;
    key.setAttribute("aria-label", words[act]);
    key.title = words[act] + (SHORTCUTS[act] ?? "");
    if (key.querySelector("span")) write(key.querySelector("span"), words[`${act}-short`]);
  }
}
