"""Keyed streams: order-free, unchanged by subsets, apart from each other."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from migov.numeric import streams


def test_the_key_is_the_hash_of_its_words_with_their_lengths():
    words = b"".join(len(w).to_bytes(8, "little") + w for w in (b"7", b"mortality", b"MDA", b"3"))
    digest = hashlib.blake2b(words, digest_size=16, person=b"migov streams").digest()
    wanted = int.from_bytes(digest, "little")
    assert streams.key(7, "mortality", "MDA", 3) == wanted
    drawn = streams.stream(7, "mortality", "MDA", 3).standard_normal(2)
    direct = np.random.Generator(np.random.Philox(key=wanted)).standard_normal(2)
    assert np.array_equal(drawn, direct)


def test_order_and_subset_leave_draws_alone():
    areas, members = ["ALB", "DEU", "MDA"], list(range(20))
    all_of_them = streams.normals(5, "births", areas, members, 6)
    turned = streams.normals(5, "births", areas[::-1], members[::-1], 6)
    assert np.array_equal(all_of_them, turned[:, ::-1, ::-1])
    part = streams.normals(5, "births", ["MDA"], [11, 3], 6)
    assert np.array_equal(part[:, 0], all_of_them[:, 2][:, [11, 3]])
    assert np.array_equal(streams.normals(5, "births", areas, members, 4), all_of_them[:4])


@pytest.mark.parametrize(
    "other", [(6, "births", "MDA", 3), (5, "deaths", "MDA", 3), (5, "births", "DEU", 3)]
)
def test_another_key_is_another_stream(other):
    assert streams.key(5, "births", "MDA", 3) != streams.key(*other)
    a = streams.stream(5, "births", "MDA", 3).standard_normal(1000)
    b = streams.stream(*other).standard_normal(1000)
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.1


def test_streams_are_standard_normal():
    drawn = streams.normals(1, "x", [""], range(4000), 5)
    assert abs(drawn.mean()) < 0.03
    assert abs(drawn.std() - 1) < 0.03
    flat = np.corrcoef(drawn[:, 0])
    assert abs(flat - np.eye(5)).max() < 0.06


def test_labels_of_any_integer_type_agree():
    wanted = streams.key(1, "x", 3)
    assert {streams.key(1, "x", w) for w in (np.int32(3), np.uint8(3), 3.0, "3")} == {wanted}
    assert streams.key(1, "x", np.datetime64("2020-07-01")) == streams.key(
        1, "x", np.datetime64("2020-07-01", "ns")
    )


def test_fresh_seeds_differ():
    assert len({streams.draw_seed() for _ in range(100)}) == 100
