// The machine's small buttons: what to hide, drawn on a face of its own, and a face of the strip.

const ACTS = {
  random: "M5 5h14v14H5zM9 9h.01M15 9h.01M12 12h.01M9 15h.01M15 15h.01",
  clear: "M9 10h.01M15 10h.01M9.3 16c1.5 1.2 3.9 1.2 5.4 0",
};

/** A hide button with its word; box: what it hides, in pixels of a face of 128, drawn black on a small one. */
function chip(name, word, box) {
  const node = document.createElement("button");
  Object.assign(node, { type: "button", className: `chip${box ? "" : " act"}` });
  node.dataset.hole = name;
  const icon = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": true });
  if (name !== "random") icon.append(svg("ellipse", { cx: 12, cy: 12, rx: 8.2, ry: 10.2 }));
  const features = "M8 10.5h1.8M14.2 10.5H16M12 12v2.5M9.3 17c1.5 1.2 3.9 1.2 5.4 0";
  icon.append(svg("path", { d: ACTS[name] ?? features }));
  if (box) {
    const [x, y, width, height] = box.map((value) => (value / 128) * 24);
    icon.append(svg("rect", { class: "black", x, y, width, height }));
  }
  const label = document.createElement("span");
  label.textContent = word;
  node.append(icon, label);
  return node;
}

function faceButton() {
  const node = document.createElement("button");
  node.type = "button";
  const [face, called] = [document.createElement("i"), document.createElement("span")];
  face.className = "of";
  called.className = "called";
  node.append(face, called);
  return node;
}

/** The last place of the strip: all faces. */
function fillAll(node, count, words) {
  node.className = "all";
  node.removeAttribute("role");
  node.removeAttribute("aria-checked");
  node.removeAttribute("data-face");
  node.tabIndex = 0;
  node.setAttribute("aria-label", phrase(words, "all-faces", { count }));
  node.querySelector(".of").style.backgroundImage = "";
  write(node.querySelector(".called"), phrase(words, "all", { count }));
}
