// What the decoder draws all along the track that a hand holds. Python sends its faces once; until the hand lets go they
// are shown here at once, two neighbours laid over each other where the hand is between them.

class Track {
  sheet = null; // the faces side by side
  given = null; // { of, low, high, count, sheet }: whose track, and the values at its ends

  constructor(canvas) {
    this.canvas = canvas;
  }

  /** Python's answer; `then()` when its picture can be drawn. */
  lay(given, then) {
    if (this.given?.sheet === given.sheet) return;
    const sheet = Object.assign(new Image(), { src: given.sheet });
    sheet.decode().then(() => (Object.assign(this, { given, sheet }), then()), () => {});
  }

  /** The face at that value, over the one below it; false where that track is not here. */
  show(of, value) {
    if (this.given?.of !== of) return false;
    const { low, high, count } = this.given;
    const [side, place] = [this.sheet.naturalHeight, placeOn(value, low, high, count)];
    if (this.canvas.width !== side) Object.assign(this.canvas, { width: side, height: side });
    const brush = this.canvas.getContext("2d");
    for (const [face, share] of facesAt(place)) {
      brush.globalAlpha = share;
      brush.drawImage(this.sheet, face * side, 0, side, side, 0, 0, side, side);
    }
    this.canvas.hidden = false;
    requestAnimationFrame(() => performance.mark("pictures:painted", { detail: "decoded" }));
    return true;
  }

  drop() {
    this.given = null;
  }

  hide() {
    this.canvas.hidden = true;
  }
}

/** Where a value lies among so many faces, 0 to count - 1. */
const placeOn = (value, low, high, count) => clamp((value - low) / (high - low || 1), 0, 1) * (count - 1);

/** Which faces are drawn there, one over the other, each with its share: [[face, opacity], ...]. */
function facesAt(place) {
  const [first, rest] = [Math.floor(place), place - Math.floor(place)];
  return rest ? [[first, 1], [first + 1, rest]] : [[first, 1]];
}
