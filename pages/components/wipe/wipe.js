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
    this.follow();
  }

  update({ before, after }) {
    this.slider.setAttribute("aria-label", `Edge between ${before.caption} and ${after.caption}`);
    const words = this.root.querySelectorAll(".names p");
    [["before", before], ["after", after]].forEach(([side, { caption, url, note, alt }], i) => {
      const image = this.root.querySelector(`.${side}`);
      setAddress(image, url);
      image.alt = alt;
      write(words[i].querySelector(".name"), caption);
      write(words[i].querySelector(".note"), note);
    });
  }

  drag(event) {
    this.slider.value = (100 * placeIn(this.stage, event)[0]) / this.stage.clientWidth;
    this.follow();
  }

  follow() {
    this.root.style.setProperty("--cut", `${this.slider.value}%`);
    this.slider.setAttribute("aria-valuetext", `${this.slider.value} % of the first picture`);
  }
}

export default component(".wipe", Wipe);
