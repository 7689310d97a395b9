// Answers at the left, the mean of the chosen ones in the middle, its place in the plane at the right.
// Pictures over each other with opacity 1, 1/2, 1/3 ... are their exact mean: the browser averages, nothing is fetched.

const put = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

class LessonMean {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, find, tiles: find(".eight > div"), square: find(".square"), slider: find("input") });
    this.plane = find(".plane");
    this.post = new Post(() => this.state("choice", this.choice), 120);
    this.slider.addEventListener("input", () => this.choose(2 ** Number(this.slider.value) - 1));
    this.tiles.addEventListener("click", (event) => {
      const tile = event.target.closest("button");
      if (tile) this.choose(this.choice ^ (1 << Number(tile.value)));
    });
    whileHeld(find(".hold"), (on) => root.classList.toggle("held", on));
  }

  choose(choice) {
    if (!choice) return; // the mean of nothing is no picture
    this.choice = choice;
    this.show();
    this.post.sometimes();
  }

  update(data) {
    const { answers, photograph, words } = data;
    const fresh = this.data?.photograph !== photograph || this.data?.words.plane !== words.plane;
    this.data = data;
    this.choice ??= data.first;
    this.slider.max = answers.length;
    if (fresh) this.build(data);
    this.show();
  }

  build({ answers, photograph, words }) {
    fillWith(this.tiles, answers.length, () => {
      const tile = Object.assign(document.createElement("button"), { type: "button" });
      tile.append(Object.assign(document.createElement("img"), { alt: "" }));
      return tile;
    });
    answers.forEach((url, i) => {
      const tile = this.tiles.children[i];
      tile.value = i;
      tile.setAttribute("aria-label", put(words.answer, { number: i + 1 }));
      setAddress(tile.firstChild, url);
    });
    fillWith(this.square, answers.length + 1, () => Object.assign(document.createElement("img"), { alt: "" }));
    [...answers, photograph].forEach((url, i) => setAddress(this.square.children[i], url));
    this.square.lastChild.className = "truth";
    drawPlane(this.plane, this.data, answers.length);
    write(this.find(".eight h3"), words.answers);
    write(this.find(".eight p"), words.tap);
    write(this.find(".where h3"), words.trade);
    write(this.find(".hold"), words.hold);
    const [sharp, blurred] = this.root.querySelectorAll(".drag span");
    write(sharp, words.sharp);
    write(blurred, words.blurred);
    this.slider.setAttribute("aria-label", words.slider);
  }

  show() {
    const { answers, places, words } = this.data;
    let rank = 0;
    answers.forEach((url, i) => {
      const on = (this.choice >> i) & 1;
      this.square.children[i].style.opacity = on ? 1 / ++rank : 0;
      this.tiles.children[i].setAttribute("aria-pressed", Boolean(on));
    });
    this.slider.value = rank;
    const [closeness, sharpness] = places[this.choice];
    write(this.find(".one h3"), put(rank === 1 ? words.single : words.mean, { count: rank }));
    const said = put(words.figures, { closeness: closeness.toFixed(1), sharpness: Math.round(100 * sharpness) });
    write(this.find(".one p"), said);
    this.square.setAttribute("role", "img");
    this.square.setAttribute("aria-label", said);
    movePoint(this.plane, places[this.choice]);
  }
}

export default component(".mean-plane", LessonMean);
