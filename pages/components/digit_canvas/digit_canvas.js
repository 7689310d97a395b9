// Keeps the drawing in this tab of the visitor's own browser, so that a reload does not lose it.

class Keeper {
  update({ drawing, place }) {
    this.place = place;
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
