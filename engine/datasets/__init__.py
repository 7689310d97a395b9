"""Digits and faces as the training and the tests read them."""
