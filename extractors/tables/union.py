"""Sets that grow together."""


class DisjointSet:
    """Numbers from 0, each in a set of its own until two sets are joined.

    >>> sets = DisjointSet(3)
    >>> sets.union(0, 2)
    >>> sets.find(2) == sets.find(0), sets.find(1)
    (True, 1)
    """

    def __init__(self, size: int) -> None:
        """Begin with sets of one."""
        self._parent = list(range(size))

    def find(self, member: int) -> int:
        """Return the number that stands for the set of a member."""
        while self._parent[member] != member:
            self._parent[member] = self._parent[self._parent[member]]
            member = self._parent[member]
        return member

    def union(self, one: int, other: int) -> None:
        """Join the sets of two members."""
        self._parent[self.find(one)] = self.find(other)
