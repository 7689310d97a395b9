"""Inpainting before networks: it carries what lies around the hole into it and knows nothing of faces."""

import cv2
import torch
from torch import Tensor

RADIUS = 3.0  # pixels around each that OpenCV looks at; the value of its tutorial


def telea(given: Tensor, hidden: Tensor) -> Tensor:
    """Telea, "An Image Inpainting Technique Based on the Fast Marching Method" (2004): from the edge inwards, each
    pixel is a weighted mean of the known ones around it."""
    return _inpaint(given, hidden, cv2.INPAINT_TELEA)


def navier_stokes(given: Tensor, hidden: Tensor) -> Tensor:
    """Bertalmio, Bertozzi and Sapiro, "Navier-Stokes, Fluid Dynamics, and Image and Video Inpainting" (2001): lines of
    equal brightness are carried into the hole as a fluid is along its streamlines."""
    return _inpaint(given, hidden, cv2.INPAINT_NS)


def _inpaint(given: Tensor, hidden: Tensor, kind: int) -> Tensor:
    """Images (N, 3, H, W) through OpenCV's `inpaint`, which takes 8-bit pixels; what is visible stays as it was."""
    pixels = (given * 255).round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
    masks = hidden[:, 0].to(torch.uint8).cpu().numpy()
    filled = [
        torch.from_numpy(cv2.inpaint(picture, mask, RADIUS, kind)) for picture, mask in zip(pixels, masks, strict=True)
    ]
    painted = torch.stack(filled).permute(0, 3, 1, 2).to(given) / 255
    return torch.where(hidden, painted, given)
