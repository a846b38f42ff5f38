"""A small drawing as SVG, for a page that needs no drawing library."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from migov.report.tables import number

_WIDE, _HIGH = 560, 240
_LEFT, _RIGHT, _TOP, _LOW = 64, 16, 32, 50


def steps(x: NDArray[np.float64], y: NDArray[np.float64], across: str, up: str) -> bytes:
    """Return rising steps of `y` over `x` as an SVG file.

    Parameters
    ----------
    x, y : ndarray (points,)
        `x` increasing.
    across, up : str
        What the axes show.

    Examples
    --------
    >>> steps(np.array([0.0, 2.0]), np.array([50.0, 75.0]), "cost", "score")[:4]
    b'<svg'
    """
    ticks = [_ticks(0.0, float(x.max())), _ticks(float(y.min()), float(y.max()))]
    ends = [(min(t[0], float(v.min())), max(t[-1], float(v.max()))) for t, v in
            zip(ticks, (x, y), strict=True)]  # fmt: skip

    def across_at(value: float) -> float:
        low, high = ends[0]
        return _LEFT + (value - low) / (high - low) * (_WIDE - _LEFT - _RIGHT)

    def up_at(value: float) -> float:
        low, high = ends[1]
        return _HIGH - _LOW - (value - low) / (high - low) * (_HIGH - _LOW - _TOP)

    path = f"M{across_at(x[0]):.1f} {up_at(y[0]):.1f}"
    for here, value in zip(x[1:], y[1:], strict=True):
        path += f"H{across_at(here):.1f}V{up_at(value):.1f}"
    path += f"H{_WIDE - _RIGHT}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" '
        f'width="{_WIDE}" height="{_HIGH}" font-family="sans-serif" font-size="15" '
        'fill="#1a1a1a">',
        f'<rect width="{_WIDE}" height="{_HIGH}" fill="#fff"/>',
    ]
    for value in ticks[1]:
        at = up_at(value)
        parts.append(
            f'<path d="M{_LEFT} {at:.1f}H{_WIDE - _RIGHT}" stroke="#d0d0d0"/>'
            f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{_short(value)}</text>'
        )
    for value in ticks[0]:
        parts.append(
            f'<text x="{across_at(value):.1f}" y="{_HIGH - _LOW + 18}" '
            f'text-anchor="middle">{_short(value)}</text>'
        )
    parts.append(f'<path d="{path}" fill="none" stroke="#0b4f8a" stroke-width="2"/>')
    parts += [
        f'<circle cx="{across_at(a):.1f}" cy="{up_at(b):.1f}" r="4" fill="#0b4f8a"/>'
        for a, b in zip(x, y, strict=True)
    ]
    parts.append(
        f'<text x="{(_LEFT + _WIDE - _RIGHT) / 2:.0f}" y="{_HIGH - 8}" '
        f'text-anchor="middle">{escape(across)}</text>'
        f'<text x="{_LEFT - 48}" y="16">{escape(up)}</text></svg>'
    )
    return "".join(parts).encode("utf-8")


def _ticks(low: float, high: float) -> list[float]:
    """Return about five round values that enclose an interval."""
    width = max(high - low, 1e-9 * max(abs(high), 1.0), 1e-12)
    rough = width / 4
    size = 10.0 ** np.floor(np.log10(rough))
    step = float(size * next(m for m in (1, 2, 2.5, 5, 10) if m * size >= rough))
    first, last = np.floor(low / step), np.ceil(high / step)
    return [float(k * step) for k in np.arange(first, max(last, first + 1) + 1)]


def _short(value: Any) -> str:
    return "0" if value == 0 else escape(f"{value:g}" if abs(value) < 1e5 else number(value))
