// A wipe between two pictures of one size: the first lies left of the edge, the second right of it.

class Wipe {
  constructor(root) {
    Object.assign(this, { root, slider: root.querySelector("input"), stage: root.querySelector(".stage") });
    const { stage, slider } = this;
    slider.addEventListener("input", () => this.follow());
    stage.addEventListener("pointerdown", (event) => {
      if (event.button > 0) return;
      stage.setPointerCapture(event.pointerId);
      slider.focus({ preventScroll: true, focusVisible: false });
      event.preventDefault();
      this.drag(event);
    });
    stage.addEventListener("pointermove", (event) => stage.hasPointerCapture(event.pointerId) && this.drag(event));
  }

  update({ before, after, words: said }) {
    this.said = said;
    const names = { before: before.caption, after: after.caption };
    this.slider.setAttribute("aria-label", phrase(said, "edge", names));
    const words = this.root.querySelectorAll(".names p");
    [["before", before], ["after", after]].forEach(([side, { caption, url, note, alt }], i) => {
      const image = this.root.querySelector(`.${side}`);
      setAddress(image, url);
      image.alt = alt;
      write(words[i].querySelector(".name"), caption);
      write(words[i].querySelector(".note"), note);
    });
    this.follow();
  }

  drag(event) {
    this.slider.value = (100 * placeIn(this.stage, event)[0]) / this.stage.clientWidth;
    this.follow();
  }

  follow() {
    this.root.style.setProperty("--cut", `${this.slider.value}%`);
    this.slider.setAttribute("aria-valuetext", phrase(this.said, "share", { share: this.slider.value }));
  }
}

export default component(".wipe", Wipe);
