"""What the pages show below their titles, one exhibit a file; most have `show()`, which returns the engine lines."""
