"""Where things are on a page.

One convention everywhere: points, origin top left, y grows downwards. On a PDF page a point is
1/72 inch; on an uploaded image one point is one pixel of the image as it is seen (EXIF rotation
applied). Readers convert at their own edge, so nothing above `extractors` knows of render scales.
"""

from typing import NamedTuple, Self


class Box(NamedTuple):
    """An axis-aligned rectangle on a page, in points.

    >>> Box(10, 10, 20, 20) | Box(15, 5, 30, 12)
    Box(left=10, top=5, right=30, bottom=20)
    """

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide it is; never negative for a box in order."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        """The middle, as (x, y)."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def __or__(self, other: Self) -> "Box":
        """Return the smallest box that covers both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def scaled(self, factor: float) -> "Box":
        """Return the box in another scale.

        >>> Box(1, 2, 3, 4).scaled(2)
        Box(left=2, top=4, right=6, bottom=8)
        """
        return Box(*(edge * factor for edge in self))

    def horizontal_overlap(self, other: Self) -> float:
        """Return the length of the shared x range, 0 when there is none."""
        return max(0.0, min(self.right, other.right) - max(self.left, other.left))

    def vertical_overlap(self, other: Self) -> float:
        """Return the length of the shared y range, 0 when there is none."""
        return max(0.0, min(self.bottom, other.bottom) - max(self.top, other.top))
