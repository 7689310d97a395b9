// Strips of digits under each other.

class LessonStrips {
  constructor(root) {
    this.root = root;
  }

  update({ strips, columns }) {
    this.root.style.setProperty("--columns", columns);
    fillWith(this.root, strips.length, strip);
    strips.forEach(({ name, url, note, best }, i) => {
      const [title, picture, figure] = this.root.children[i].children;
      const [image] = picture.children;
      write(title, name);
      write(figure, note);
      figure.classList.toggle("best", best);
      image.hidden = !url;
      image.alt = `${name} ${note}`;
      if (url) setAddress(image, url);
    });
  }
}

function strip() {
  const node = document.createElement("div");
  const picture = document.createElement("div");
  picture.className = "picture";
  picture.append(document.createElement("img"));
  node.append(document.createElement("b"), picture, document.createElement("span"));
  return node;
}

export default component(".strips", LessonStrips);
