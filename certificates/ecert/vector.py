"""Computes paths of the ornaments and of the seal in points, written into PDF or flattened for an image."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
"""These are the six numbers of PDF's `cm`: x' = ax + cy + e, y' = bx + dy + f."""
Curve = tuple[Point, Point, Point]
"""A cubic Bézier is given by its two control points and its end."""


@dataclass(frozen=True)
class Path:
    start: Point
    curves: tuple[Curve, ...]
    closed: bool = False

    def scaled(self, factor: float) -> Path:
        def grown(point: Point) -> Point:
            return point[0] * factor, point[1] * factor

        curves = tuple((grown(first), grown(second), grown(end)) for first, second, end in self.curves)
        return Path(grown(self.start), curves, self.closed)


def number(value: float) -> str:
    """Two decimals are 1/7200 inch: finer than any printer, and short."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def apply(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def rotated(degrees: float, x: float, y: float) -> Matrix:
    angle = math.radians(degrees)
    return math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle), x, y


def traced(at: Callable[[float], Point], start: float, end: float, segments: int, *, closed: bool = False) -> Path:
    """Draws a smooth parametric curve as Béziers with the curve's own tangents."""
    step = (end - start) / segments
    points = [at(start + step * index) for index in range(segments + 1)]
    slopes = [_slope(at, start + step * index) for index in range(segments + 1)]
    curves = []
    for index in range(segments):
        (x0, y0), (x1, y1) = points[index], points[index + 1]
        (u0, v0), (u1, v1) = slopes[index], slopes[index + 1]
        third = step / 3
        curves.append(((x0 + u0 * third, y0 + v0 * third), (x1 - u1 * third, y1 - v1 * third), (x1, y1)))
    return Path(points[0], tuple(curves), closed)


def _slope(at: Callable[[float], Point], t: float) -> Point:
    h = 1e-5
    (x0, y0), (x1, y1) = at(t - h), at(t + h)
    return (x1 - x0) / (2 * h), (y1 - y0) / (2 * h)


def polygon(points: Iterable[Point]) -> Path:
    first, *rest = points
    before, curves = first, []
    for point in rest:
        curves.append((before, point, point))
        before = point
    return Path(first, tuple(curves), closed=True)


def circle(x: float, y: float, radius: float) -> Path:
    return traced(
        lambda t: (x + radius * math.cos(t), y + radius * math.sin(t)), 0, 2 * math.pi, segments=8, closed=True
    )


def pdf_operators(path: Path) -> str:
    parts = [f"{number(path.start[0])} {number(path.start[1])} m"]
    for curve in path.curves:
        parts.append(" ".join(f"{number(x)} {number(y)}" for x, y in curve) + " c")
    if path.closed:
        parts.append("h")
    return " ".join(parts)


def flattened(path: Path, matrix: Matrix, pieces: int = 6) -> list[Point]:
    """Answers the transformed path as a polyline."""
    before = path.start
    points = [apply(matrix, before)]
    for first, second, end in path.curves:
        steps = 1 if second == end and first == before else pieces
        for index in range(1, steps + 1):
            t = index / steps
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            x = sum(w * p[0] for w, p in zip(weights, (before, first, second, end), strict=True))
            y = sum(w * p[1] for w, p in zip(weights, (before, first, second, end), strict=True))
            points.append(apply(matrix, (x, y)))
        before = end
    return points
