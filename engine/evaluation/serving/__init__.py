"""How the app serves many visitors at once: measured through its own door, without a browser."""
