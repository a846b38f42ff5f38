"""Tools for human migration governance."""
