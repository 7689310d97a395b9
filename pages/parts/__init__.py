"""What several pages share on screen: the box pad, the drawing canvas, the latent map, rows of pictures."""
