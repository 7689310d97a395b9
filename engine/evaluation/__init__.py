"""Figures, benchmarks and the tables they write."""
