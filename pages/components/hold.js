// A button that shows something else for as long as it, or its key, is down.

/** `show(true)` when it goes down by mouse, finger, pen or key, `show(false)` when it is let go or loses its hold. */
function whileHeld(button, show) {
  const hold = (on) => {
    button.setAttribute("aria-pressed", on);
    show(on);
  };
  const isPress = (event) => event.key === " " || event.key === "Enter";
  button.addEventListener("pointerdown", (event) => {
    button.setPointerCapture(event.pointerId);
    hold(true);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) {
    button.addEventListener(end, () => hold(false));
  }
  button.addEventListener("keydown", (event) => isPress(event) && (event.preventDefault(), hold(true)));
  button.addEventListener("keyup", (event) => isPress(event) && hold(false));
  button.addEventListener("contextmenu", (event) => event.preventDefault()); // a long touch opens one
}
