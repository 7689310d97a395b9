"""From a photo to a framed face and back; the gallery and the example photos."""
