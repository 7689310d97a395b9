// The sheet of what a decoder draws all over its map. Put before decoded_place.js.

/** In which of the sheet's cells, column and row from its upper left, a place [x, y] of the map lies. */
function cellOf([x, y], [left, right, bottom, top], cells) {
  return [(x - left) / (right - left), (top - y) / (top - bottom)].map((share) =>
    clamp(Math.floor(share * cells), 0, cells - 1),
  );
}
