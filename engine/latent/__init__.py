"""Codes: what they hold, how they lie, what lies between them."""
