"""One loop, its losses and checkpoints; what the article trained."""
