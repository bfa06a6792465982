"""The arithmetic of a round, in plain loops over flat arrays: one source, run by Python as it is or compiled by numba.

The problem: mentee *i* may go to mentor *j* over a listed edge of worth ``a_ij`` (whole number), or stay out for 0; mentor *j*
has
``c_j`` places. Two sets of whole numbers prove an optimum: what the mentee keeps, ``u_i ≥ 0``, and the price of a place, ``p_j
≥ 0``, with
``u_i + p_j ≥ a_ij`` everywhere, equality on every pair made, ``u_i = 0`` for whoever is out and ``p_j = 0`` wherever a place
is free (linear
programming duality; Bertsekas 1998, *Network Optimization*, ch. 7).

`bid` is the forward auction with places (Bertsekas & Castañon 1989): fast, right up to ε. `place` and `fill` are successive
shortest
paths with those prices as potentials: exact. Nothing here allocates by the size of the problem twice.
"""

from __future__ import annotations

import heapq
from typing import Any

FAR = 1 << 62


def bid(
    queue: Any, waiting: int, step: int, most: int,
    start: Any, column: Any, worth: Any, price: Any, seat: Any, taken: Any, sitting: Any, offer: Any, mate: Any,
) -> int:  # fmt: skip
    """Let the mentees on the stack `queue` bid until nobody waits or `most` bids are made. Return how many wait.

    `step` is ε. `seat[j] … seat[j + 1]` are the places of mentor j, `sitting` who holds each, `offer` for how much. `mate[i]`
    is the edge
    that i holds, −1 if none. A price is the lowest offer among the holders of a full mentor, 0 before it is full.
    """
    made = 0
    while waiting and made < most:
        waiting -= 1
        i = queue[waiting]
        best, second, chosen = 0, 0, -1
        for e in range(start[i], start[i + 1]):
            net = worth[e] - price[column[e]]
            if net > best:
                second = best
                best = net
                chosen = e
            elif net > second:
                second = net
        if chosen < 0:
            continue
        made += 1
        j = column[chosen]
        amount = price[j] + best - second + step
        first = seat[j]
        places = seat[j + 1] - first
        if taken[j] < places:
            at = first + taken[j]
            taken[j] += 1
        else:
            at = first
            for other in range(first + 1, first + places):
                if offer[other] < offer[at]:
                    at = other
            out = sitting[at]
            mate[out] = -1
            queue[waiting] = out
            waiting += 1
        sitting[at] = i
        offer[at] = amount
        mate[i] = chosen
        if taken[j] == places:
            lowest = offer[first]
            for other in range(first + 1, first + places):
                if offer[other] < lowest:
                    lowest = offer[other]
            price[j] = lowest
    return waiting


def settle(
    n: int, start: Any, column: Any, worth: Any, price: Any, keep: Any, seat: Any, taken: Any, sitting: Any, mate: Any
) -> int:
    """Set what each mentee keeps at these prices, and take away every place that is not the mentee's best. Return how many
    wait."""
    hungry = 0
    for i in range(n):
        best = 0
        for e in range(start[i], start[i + 1]):
            net = worth[e] - price[column[e]]
            if net > best:
                best = net
        keep[i] = best
        e = mate[i]
        if e >= 0 and worth[e] - price[column[e]] < best:
            leave(i, column[e], seat, taken, sitting)
            mate[i] = -1
        if mate[i] < 0 and best > 0:
            hungry += 1
    return hungry


def leave(i: int, j: int, seat: Any, taken: Any, sitting: Any) -> None:
    """Free the place that mentee i holds at mentor j."""
    last = seat[j] + taken[j] - 1
    for at in range(seat[j], last + 1):
        if sitting[at] == i:
            sitting[at] = sitting[last]
            break
    taken[j] -= 1


def sit(i: int, j: int, seat: Any, taken: Any, sitting: Any) -> None:
    """Give mentee i a free place at mentor j."""
    sitting[seat[j] + taken[j]] = i
    taken[j] += 1


def place(
    first: int, until: int, most: int,
    start: Any, column: Any, worth: Any, row: Any, price: Any, keep: Any, seat: Any, taken: Any, sitting: Any, mate: Any,
    far: Any, via: Any,
) -> int:  # fmt: skip
    """Give every waiting mentee of `first` … `until` the exact best, by shortest augmenting paths. Return where to go on.

    Waiting: without a pair and with something to keep. Stops after `most` paths. `far` (m,) must be `FAR` throughout, and is
    so again
    after the call; `via` (m,) is scratch.
    """
    paths = 0
    i0 = first
    while i0 < until and paths < most:
        if mate[i0] < 0 and keep[i0] > 0:
            paths += 1
            heap = [(0, 0)]
            heap.pop()
            reached = [0]
            reached.pop()
            closed = [0]
            closed.pop()
            bound = FAR
            end_out, end_in = -1, -1
            i, so_far = i0, 0
            popped = -1
            at, stop = 0, 0
            while True:
                # look along the edges of mentee i
                if so_far + keep[i] < bound:
                    bound = so_far + keep[i]
                    end_out, end_in = i, -1
                base = so_far + keep[i]
                for e in range(start[i], start[i + 1]):
                    j = column[e] + 0  # a wide whole number, also where columns are narrow
                    d = base - worth[e] + price[j]
                    if d < bound and d < far[j]:
                        if far[j] == FAR:
                            reached.append(j)
                        far[j] = d
                        via[j] = e
                        if taken[j] < seat[j + 1] - seat[j]:
                            bound = d
                            end_out, end_in = -1, j
                        else:
                            heapq.heappush(heap, (d, j))
                # go on with the next holder of a place at the mentor last closed, or close the nearest mentor
                at += 1
                if popped < 0 or at >= stop:
                    popped = -1
                    while len(heap) > 0:
                        d, j = heapq.heappop(heap)
                        if d >= bound:
                            break
                        if d == far[j]:
                            popped = j
                            break
                    if popped < 0:
                        break
                    closed.append(popped)
                    so_far = far[popped]
                    at = seat[popped]
                    stop = at + taken[popped]
                i = sitting[at]
            for j in closed:
                rise = bound - far[j]
                if rise > 0:
                    price[j] += rise
                    for at in range(seat[j], seat[j] + taken[j]):
                        keep[sitting[at]] -= rise
            keep[i0] -= bound
            # hand the places on along the path, from its end
            if end_out >= 0:
                j = -1
                if end_out != i0:
                    j = column[mate[end_out]]
                    leave(end_out, j, seat, taken, sitting)
                    mate[end_out] = -1
            else:
                j = end_in
            while j >= 0:
                e = via[j]
                i = row[e]
                before = -1
                if i != i0:
                    before = column[mate[i]]
                    leave(i, before, seat, taken, sitting)
                sit(i, j, seat, taken, sitting)
                mate[i] = e
                j = before
            for j in reached:
                far[j] = FAR
        i0 += 1
    return i0


def fill(
    first: int, until: int, most: int,
    entry: Any, edge: Any, column: Any, worth: Any, row: Any, price: Any, keep: Any, seat: Any, taken: Any, sitting: Any,
    mate: Any, far: Any, via: Any, near: Any,
) -> int:  # fmt: skip
    """Fill free places that still have a price, or bring the price to 0, for mentors `first` … `until`. Return where to go on.

    ``edge[entry[j]:entry[j + 1]]`` are the edges into mentor j. `far` (m,) and `near` (n,) must be `FAR` throughout, and are
    so again after.
    """
    paths = 0
    j0 = first
    while j0 < until and paths < most:
        if price[j0] > 0 and taken[j0] < seat[j0 + 1] - seat[j0]:
            paths += 1
            heap = [(0, j0)]
            reached = [j0]
            met = [0]
            met.pop()
            closed = [0]
            closed.pop()
            far[j0] = 0
            bound = FAR
            end_out, end_in = -1, -1
            while len(heap) > 0:
                d, j = heapq.heappop(heap)
                if d >= bound:
                    break
                if d > far[j]:
                    continue
                closed.append(j)
                if d + price[j] < bound:
                    bound = d + price[j]
                    end_out, end_in = j, -1
                for at in range(entry[j], entry[j + 1]):
                    e = edge[at]
                    i = row[e]
                    reach = d + keep[i] - worth[e] + price[j]
                    if reach < bound and reach < near[i]:
                        if near[i] == FAR:
                            met.append(i)
                        near[i] = reach
                        if mate[i] < 0:
                            bound = reach
                            end_out, end_in = -1, e
                        else:
                            other = column[mate[i]] + 0
                            if reach < far[other]:
                                if far[other] == FAR:
                                    reached.append(other)
                                far[other] = reach
                                via[other] = e
                                heapq.heappush(heap, (reach, other))
            for j in closed:
                if far[j] < bound:
                    price[j] -= bound - far[j]
            for i in met:
                if near[i] < bound:
                    keep[i] += bound - near[i]
                near[i] = FAR
            # from j0 on, each mentor passes the free place along
            chain = [0]
            chain.pop()
            j = column[end_in] if end_in >= 0 else end_out
            while j != j0:
                chain.append(j)
                j = column[via[j]]
            for at in range(len(chain) - 1, -1, -1):
                j = chain[at]
                e = via[j]
                i = row[e]
                leave(i, j, seat, taken, sitting)
                sit(i, column[e], seat, taken, sitting)
                mate[i] = e
            if end_in >= 0:
                sit(row[end_in], column[end_in], seat, taken, sitting)
                mate[row[end_in]] = end_in
            for j in reached:
                far[j] = FAR
        if price[j0] > 0 and taken[j0] < seat[j0 + 1] - seat[j0]:
            continue
        j0 += 1
    return j0


def group(column: Any, begin: Any, order: Any) -> None:
    """Write the numbers of the edges by mentor, each mentor's in their order. `begin[j]`: where mentor j's begin; it ends where
    they end."""
    for e in range(len(column)):
        j = column[e]
        order[begin[j]] = e
        begin[j] += 1


def reach(
    level: Any, least: int, first: int, n: int,
    start: Any, column: Any, row: Any, seat: Any, taken: Any, sitting: Any, mate: Any, via: Any, seen: Any, mark: int,
) -> int:  # fmt: skip
    """Give one more mentee a place over edges of at least some level, others moving on as need be. Return whether that could
    be done.

    Breadth first, from mentee `first` and then from all without a place. ``seen[j] == mark`` afterwards for every mentor that
    was reached.
    """
    queue = [first]
    at = 0
    rest = 0
    while True:
        if at >= len(queue):
            while rest < n and (mate[rest] >= 0 or rest == first):
                rest += 1
            if rest >= n:
                return 0
            queue.append(rest)
            rest += 1
        i = queue[at]
        at += 1
        for e in range(start[i], start[i + 1]):
            j = column[e]
            if level[e] >= least and seen[j] != mark:
                seen[j] = mark
                via[j] = e
                if taken[j] < seat[j + 1] - seat[j]:
                    while True:
                        e = via[j]
                        i = row[e]
                        before = mate[i]
                        if before >= 0:
                            leave(i, column[before], seat, taken, sitting)
                        sit(i, j, seat, taken, sitting)
                        mate[i] = e
                        if before < 0:
                            return 1
                        j = column[before]
                for other in range(seat[j], seat[j + 1]):
                    queue.append(sitting[other])
