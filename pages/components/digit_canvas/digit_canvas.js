// Keeps the drawing in this tab of the visitor's own browser, so that a reload does not lose it; says when the pen is
// down; takes back a stroke.

const LINGER = 900; // ms after a stroke in which the drawing is still seen: time for the next one

class Keeper {
  constructor(root) {
    this.undo = root.querySelector(".undo");
    this.undo.addEventListener("click", () => canvasRoot()?.querySelector(".dc-toolbar [aria-label=Undo]")?.click());
    const pen = (down) => (event) => this.hold(event, down);
    this.heard = { pointerdown: pen(true), pointerup: pen(false), pointercancel: pen(false) };
    for (const [name, hear] of Object.entries(this.heard)) addEventListener(name, hear, true);
  }

  leave() {
    for (const [name, hear] of Object.entries(this.heard)) removeEventListener(name, hear, true);
    clearTimeout(this.linger);
    delete document.documentElement.dataset.pen;
  }

  /** The pen goes down on the canvas, or up wherever it is. */
  hold(event, down) {
    const { dataset } = document.documentElement;
    if (down && event.composedPath().some((node) => node.classList?.contains("dc-root"))) {
      clearTimeout(this.linger);
      dataset.pen = "down";
    } else if (!down && dataset.pen) {
      clearTimeout(this.linger);
      this.linger = setTimeout(() => delete dataset.pen, LINGER);
    }
  }

  update({ drawing, place, undo }) {
    this.place = place;
    this.undo.title = undo;
    this.undo.setAttribute("aria-label", undo);
    this.undo.setAttribute("aria-disabled", !drawing);
    dress();
    if (drawing) this.keep(drawing);
    else if (this.had) this.forget();
    else if (!this.asked) this.bring();
    this.asked = true;
  }

  keep(drawing) {
    this.had = true;
    try {
      sessionStorage.setItem(this.place, drawing);
    } catch {
      // a browser that keeps nothing: the drawing lasts until the page is loaded anew
    }
  }

  forget() {
    this.had = false;
    try {
      sessionStorage.removeItem(this.place);
    } catch {
      // it kept nothing
    }
  }

  bring() {
    let kept = null;
    try {
      kept = sessionStorage.getItem(this.place);
    } catch {
      return;
    }
    if (kept) this.trigger("found", kept);
  }
}

export default component(".keeper", Keeper);
