"""Kernels that several rooms share: numpy and scipy only."""
