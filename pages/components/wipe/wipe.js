// A wipe between two pictures of one size: the first lies left of the edge, the second right of it.

const prepared = new WeakSet();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".wipe");
  const slider = root.querySelector("input");
  if (!prepared.has(root)) prepare(root, slider);

  root.classList.toggle("pixelated", data.pixelated);
  slider.setAttribute("aria-label", `Edge between ${data.before.caption} and ${data.after.caption}`);
  const [left, right] = root.querySelectorAll(".names p");
  show(root.querySelector(".before"), left, data.before);
  show(root.querySelector(".after"), right, data.after);
}

function show(image, words, { caption, url, note, alt }) {
  if (image.getAttribute("src") !== url) image.setAttribute("src", url);
  image.alt = alt;
  words.querySelector(".name").textContent = caption;
  words.querySelector(".note").textContent = note;
}

function prepare(root, slider) {
  prepared.add(root);
  const stage = root.querySelector(".stage");
  const follow = () => {
    root.style.setProperty("--cut", `${slider.value}%`);
    slider.setAttribute("aria-valuetext", `${slider.value} % of the first picture`);
  };
  const drag = (event) => {
    const { left, width } = stage.getBoundingClientRect();
    slider.value = (100 * (event.clientX - left)) / width;
    follow();
  };
  slider.addEventListener("input", follow);
  stage.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    stage.setPointerCapture(event.pointerId);
    slider.focus({ preventScroll: true, focusVisible: false });
    event.preventDefault();
    drag(event);
  });
  stage.addEventListener("pointermove", (event) => stage.hasPointerCapture(event.pointerId) && drag(event));
  follow();
}
