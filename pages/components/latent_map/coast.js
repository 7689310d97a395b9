// Land and uncharted sea: land is what lies near a point. Put before latent_map.js.

const CHART = 720; // width of the sheet in pixels
const BLUR = 7; // of the discs round the points, before they are cut into a coast
const [SHORE, LAND] = [112, 150]; // of 255: from here on it is coast, from there land
const HATCH = 9; // pixels between two lines on the sea

/** Everything that lies within `reach` of a point, blurred: the alpha of each pixel of the sheet. */
function nearness(points, [left, right, bottom, top], reach, width, height) {
  const [discs, soft] = [0, 1].map(() => Object.assign(document.createElement("canvas"), { width, height }));
  const scale = width / (right - left);
  const pen = discs.getContext("2d");
  pen.beginPath();
  for (let i = 0; i < points.count; i++) {
    const [x, y] = points.at(i);
    const [u, v] = [(x - left) * scale, (top - y) * scale];
    pen.moveTo(u + reach * scale, v);
    pen.arc(u, v, reach * scale, 0, 7);
  }
  pen.fill();
  const blurred = soft.getContext("2d", { willReadFrequently: true });
  blurred.filter = `blur(${BLUR}px)`;
  blurred.drawImage(discs, 0, 0);
  return blurred.getImageData(0, 0, width, height);
}

/** What is above `least` of such alphas, in one colour. */
function cut(alphas, least, colour) {
  const { width, height, data } = alphas;
  const sheet = Object.assign(document.createElement("canvas"), { width, height });
  const pen = sheet.getContext("2d");
  const image = pen.createImageData(width, height);
  for (let i = 3; i < data.length; i += 4) image.data[i] = clamp((data[i] - least) * 8 + 128, 0, 255);
  pen.putImageData(image, 0, 0);
  pen.globalCompositeOperation = "source-in";
  pen.fillStyle = colour;
  pen.fillRect(0, 0, width, height);
  return sheet;
}

/** The sea of a map as a picture that fills `extent`; clear where there is land. Colours: of water, hatching, coast. */
function seaRound(points, extent, reach, { water, hatching, coast }) {
  const [left, right, bottom, top] = extent;
  const [width, height] = [CHART, Math.round((CHART * (top - bottom)) / (right - left))];
  const alphas = nearness(points, extent, reach, width, height);
  const sheet = Object.assign(document.createElement("canvas"), { width, height });
  const pen = sheet.getContext("2d");
  pen.fillStyle = water;
  pen.fillRect(0, 0, width, height);
  pen.strokeStyle = hatching;
  pen.beginPath();
  for (let x = -height; x < width; x += HATCH) {
    pen.moveTo(x, height);
    pen.lineTo(x + height, 0);
  }
  pen.stroke();
  pen.drawImage(cut(alphas, SHORE, coast), 0, 0);
  pen.globalCompositeOperation = "destination-out";
  pen.drawImage(cut(alphas, LAND, "#000"), 0, 0);
  return sheet;
}
