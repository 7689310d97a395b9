// The drawing canvas is a package's: what of it does not fit here is changed in its own shadow root. Put before
// digit_canvas.js.

const SHEET = `
  .dc-toolbar { display: none !important; } /* it would lie over what stands above the canvas */
  .canvas-root, .dc-root, .dc-scroll, .dc-container, .dc-container .canvas-container { width: 100% !important; }
  .dc-container, .dc-container .canvas-container { height: auto !important; aspect-ratio: 1; }
  .dc-container canvas { width: 100% !important; height: 100% !important; }
  .dc-scroll { overflow: hidden !important; }`;
const PATIENCE = 100; // ms between two looks for a canvas that is not there yet

/** The shadow root of the canvas on the page, or nothing. */
function canvasRoot() {
  for (const node of document.querySelectorAll(".st-key-pen *")) {
    if (node.shadowRoot?.querySelector(".dc-root")) return node.shadowRoot;
  }
  return null;
}

/** Lay the sheet into the canvas's root, as soon as there is one. */
function dress() {
  const root = canvasRoot();
  if (!root) return void setTimeout(dress, PATIENCE);
  if (!root.querySelector("style.dress")) {
    root.append(Object.assign(document.createElement("style"), { className: "dress", textContent: SHEET }));
  }
}
