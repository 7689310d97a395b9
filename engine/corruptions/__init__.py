"""What is done to a picture before a network sees it: holes (masks), noise, and both by name."""
