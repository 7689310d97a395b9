// How far a place lies from anything real, as a place on a scale of three zones. Put before decoded_place.js.

const ZONES = [0, 0.4, 0.72, 1]; // where they begin and end: among real codes, at their edge, where none is
const OFF = 4; // times the loneliest real code's distance: from here on the needle stands at the end

/** A distance -> the needle's place, 0 to 1. bounds: the distances at which the second and the third zone begin; within
 * a zone the scale is even. */
function needleAt(distance, bounds) {
  const limits = [0, ...bounds, OFF * bounds[1]];
  const zone = distance < limits[1] ? 0 : distance < limits[2] ? 1 : 2;
  const share = (distance - limits[zone]) / (limits[zone + 1] - limits[zone] || 1);
  return ZONES[zone] + clamp(share, 0, 1) * (ZONES[zone + 1] - ZONES[zone]);
}
