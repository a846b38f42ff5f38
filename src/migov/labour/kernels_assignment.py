"""Assignment of largest weight to posts with several seats, and the prices that support it.

Workers are many and posts are few, so that the shortest paths run over posts only: moving one
worker from a post to another costs what that worker's weight falls by, and of all workers at a
post only the one who loses least matters.

References
----------
Ahuja, Magnanti and Orlin (1993), Network Flows, chapter 9 (successive shortest paths); Shapley
and Shubik (1971), International Journal of Game Theory 1(1) (prices of the assignment game).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def transport(weights: Floats, capacity: Ints) -> tuple[Ints, Floats, Floats]:
    """Return who goes where, what each worker gains, and the price of a seat at each post.

    Parameters
    ----------
    weights : ndarray (W, P)
        Value of each pair; ``-inf`` where it may not be.
    capacity : ndarray (P,)
        Seats.

    Returns
    -------
    post : ndarray (W,)
        Post of each worker, -1 for none, which is worth 0.
    surplus : ndarray (W,)
        Value of the pair less the price, 0 for who has none.
    price : ndarray (P,)
        The lowest prices at which no worker would rather be elsewhere; 0 where seats are free.

    Examples
    --------
    >>> post, surplus, price = transport(np.array([[5.0, 4.0], [5.0, 1.0]]), np.array([1, 1]))
    >>> post.tolist(), surplus.tolist(), price.tolist()
    ([1, 0], [4.0, 4.0], [1.0, 0.0])
    """
    workers, posts = weights.shape
    # Node 0 is to be nowhere: who has no post, and the seats that nobody fills.
    value = np.zeros((workers, posts + 1))
    value[:, 1:] = weights
    price = np.zeros(posts + 1)
    price[1:] = first_prices(weights, capacity)
    at = np.argmax(value - price, axis=1)
    room = np.concatenate([[np.iinfo(np.int64).max], capacity])
    inside = np.bincount(at, minlength=posts + 1)
    empty = np.where(price > 0, 0, np.maximum(room - inside, 0))
    empty[0] = 1
    state = _State(value, at, empty)
    while True:
        over = state.inside + np.where(np.arange(posts + 1) > 0, state.empty, 0) - room
        over[0] = 0
        sources, sinks = over > 0, over < 0
        if not sources.any() and not sinks.any():
            break
        if sources.any():
            sinks = sinks.copy()
            sinks[0] = True
        else:
            sources = np.zeros(posts + 1, np.bool_)
            sources[0] = True
        state.push(*shortest(state.cost, sources), sinks, over)
    distance, _ = shortest(state.cost, np.arange(posts + 1) == 0)
    price = np.maximum(-distance, 0.0)
    price[0] = 0.0
    gain = np.max(value - price, axis=1)
    return state.at - 1, np.maximum(gain, 0.0), price[1:]


class _State:
    """Who is where, seats held empty, and the least loss of moving one unit between two nodes."""

    def __init__(self, value: Floats, at: Ints, empty: Ints) -> None:
        workers, nodes = value.shape
        self.value, self.at, self.empty = value, at, empty
        self.inside = np.zeros(nodes, np.int64)
        # Members of each node stand at the front of its row, so that one leaves in one step.
        self.members = np.zeros((nodes, workers), np.int64)
        self.spot = np.zeros(workers, np.int64)
        self.cost = np.full((nodes, nodes), np.inf)
        self.mover = np.full((nodes, nodes), -1, np.int64)
        for node in range(nodes):
            here = np.flatnonzero(at == node)
            self.inside[node] = len(here)
            self.members[node, : len(here)] = here
            self.spot[here] = np.arange(len(here))
            self._refresh(node, np.arange(nodes))
            self._empties(node)

    def _refresh(self, node: int, columns: Ints) -> None:
        """Find anew who leaves a node with least loss, for some other nodes."""
        here = self.members[node, : self.inside[node]]
        if not len(here):
            self.cost[node, columns], self.mover[node, columns] = np.inf, -1
            return
        loss = self.value[here, node][:, None] - self.value[np.ix_(here, columns)]
        best = np.argmin(loss, axis=0)
        self.cost[node, columns] = loss[best, np.arange(len(columns))]
        self.mover[node, columns] = here[best]

    def _empties(self, node: int) -> None:
        """Let an empty seat leave for nowhere, and come from there, at no loss."""
        if node == 0:
            free = self.cost[0] >= 0
            self.cost[0, free], self.mover[0, free] = 0.0, -1
        elif self.empty[node] > 0 and self.cost[node, 0] >= 0:
            self.cost[node, 0], self.mover[node, 0] = 0.0, -1
        self.cost[node, node] = 0.0

    def _movers(self, come: int, go: int) -> Ints:
        """Return all who leave a node for another with the same, least loss."""
        here = self.members[come, : self.inside[come]]
        loss = self.value[here, come] - self.value[here, go]
        return np.asarray(here[loss == self.cost[come, go]])

    def push(self, distance: Floats, before: Ints, sinks: NDArray[np.bool_], over: Ints) -> None:
        """Move as many units as lose the same along the shortest path to the nearest sink."""
        node = int(np.argmin(np.where(sinks, distance, np.inf)))
        most = -int(over[node]) if node else int(np.iinfo(np.int64).max)
        steps: list[tuple[int, int, Ints | None]] = []
        while before[node] >= 0:
            come = int(before[node])
            who = None if self.mover[come, node] < 0 else self._movers(come, node)
            if who is not None:
                most = min(most, len(who))
            elif come:
                most = min(most, int(self.empty[come]))
            steps.append((come, node, who))
            node = come
        if node:
            most = min(most, int(over[node]))
        for come, go, who in steps:
            if who is None:
                # A seat held empty: nowhere has as many as anybody wants.
                self.empty[come] -= most if come else 0
                self.empty[go] += most if go else 0
            else:
                self._move(who[:most], come, go)
        for come, go, who in steps:
            for each in (come, go):
                gone = None if who is None else who[:most]
                self._renew(each, gone)

    def _move(self, who: Ints, come: int, go: int) -> None:
        for one in who:
            last = self.members[come, self.inside[come] - 1]
            self.members[come, self.spot[one]] = last
            self.spot[last] = self.spot[one]
            self.inside[come] -= 1
            self.members[go, self.inside[go]] = one
            self.spot[one] = self.inside[go]
            self.inside[go] += 1
            self.at[one] = go

    def _renew(self, node: int, moved: Ints | None) -> None:
        """Bring the losses of a node up to date after some came or went."""
        was = self.mover[node]
        stale = was < 0
        known = ~stale
        stale[known] = self.at[was[known]] != node
        if moved is not None and len(moved) and self.at[moved[0]] == node:
            loss = self.value[moved, node][:, None] - self.value[moved]
            best = np.argmin(loss, axis=0)
            least = loss[best, np.arange(len(was))]
            better = ~stale & (least < self.cost[node])
            self.cost[node, better] = least[better]
            self.mover[node, better] = moved[best][better]
        columns = np.flatnonzero(stale)
        if len(columns):
            self._refresh(node, columns)
        self._empties(node)


def shortest(cost: Floats, sources: NDArray[np.bool_]) -> tuple[Floats, Ints]:
    """Return distances from the nearest source, and the node before each on the path.

    Parameters
    ----------
    cost : ndarray (N, N)
        Length from row to column; negative lengths may occur, negative cycles not.
    sources : ndarray (N,) of bool

    Returns
    -------
    distance : ndarray (N,)
    before : ndarray (N,)
        -1 at sources.

    Examples
    --------
    >>> inf = np.inf
    >>> cost = np.array([[0, 2.0, 9.0], [inf, 0, -1.0], [inf, inf, 0]])
    >>> shortest(cost, np.array([True, False, False]))
    (array([0., 2., 1.]), array([-1,  0,  1]))
    """
    nodes = len(cost)
    distance = np.where(sources, 0.0, np.inf)
    before = np.full(nodes, -1, np.int64)
    columns = np.arange(nodes)
    # Sums of the same lengths in another order differ in their last bits: no such gain counts.
    finite = cost[np.isfinite(cost)]
    slack = 1e-13 * float(np.abs(finite).max(initial=0.0))
    for _ in range(nodes):
        through = distance[:, None] + cost
        best = np.argmin(through, axis=0)
        reached = through[best, columns]
        nearer = reached < distance - slack if slack else reached < distance
        nearer |= np.isinf(distance) & np.isfinite(reached)
        if not nearer.any():
            break
        distance = np.where(nearer, reached, distance)
        before = np.where(nearer, best, before)
    return distance, before


def first_prices(weights: Floats, capacity: Ints) -> Floats:
    """Return prices near those that clear the market, of a smoothed dual that gets sharper.

    They only save work: whatever they are, the paths that follow end at the optimum. Each step
    is Newton's where that lowers the largest misfit of demand and seats, and otherwise moves
    each price by the logarithm of its own misfit, which always tends to balance.

    Parameters
    ----------
    weights : ndarray (W, P)
    capacity : ndarray (P,)

    Returns
    -------
    ndarray (P,)
        Not negative.
    """
    finite = weights[np.isfinite(weights)]
    spread = float(finite.max() - min(finite.min(), 0.0)) if finite.size else 0.0
    price = np.zeros(weights.shape[1])
    if spread <= 0.0 or (capacity >= len(weights)).all():
        return price
    seats = np.maximum(capacity, 1e-3)
    good = 0.01 * len(weights) / weights.shape[1]
    for sharper in (1.0, 0.3, 0.1, 0.03, 0.01, 0.004):
        temperature = sharper * spread
        share = _shares(weights, price, temperature)
        for _ in range(8):
            demand = share.sum(axis=0)
            slope = capacity - demand
            moving = (price > 0) | (slope < 0)
            off = np.abs(slope[moving]).max(initial=0.0)
            if off < good:
                break
            bend = (np.diag(demand) - share.T @ share)[np.ix_(moving, moving)] / temperature
            bend[np.diag_indices_from(bend)] += 1e-6 * np.trace(bend) / len(bend) + 1e-300
            trial = price.copy()
            trial[moving] -= np.linalg.solve(bend, slope[moving])
            trial = np.clip(trial, 0.0, 2.0 * spread)
            tried = _shares(weights, trial, temperature)
            new = capacity - tried.sum(axis=0)
            if np.abs(new[(trial > 0) | (new < 0)]).max(initial=0.0) < 0.7 * off:
                price, share = trial, tried
                continue
            with np.errstate(divide="ignore"):
                by = temperature * np.log(np.maximum(demand, 1e-3) / seats)
            price = np.maximum(price + by, 0.0)
            share = _shares(weights, price, temperature)
    return price


def _shares(weights: Floats, price: Floats, temperature: float) -> Floats:
    """Return how each worker would spread over the posts where values are blurred."""
    scaled = (weights - price) / temperature
    top = np.maximum(scaled.max(axis=1, initial=0.0), 0.0)
    odds = np.exp(scaled - top[:, None])
    return np.asarray(odds / (np.exp(-top) + odds.sum(axis=1))[:, None])
