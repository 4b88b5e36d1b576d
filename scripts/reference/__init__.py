"""Renders pages of docs/ from the code they describe."""
