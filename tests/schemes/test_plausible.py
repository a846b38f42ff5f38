"""Who is admitted under several limits, and inputs that cannot be."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import migov as mg
from migov import schemes as s
from migov.core.errors import DataError, InputError, MigovWarning
from migov.schemes.kernels_admission import filled


def filled_slowly(wanted, own, rooms):
    """Bisect the common part between events, one member, freezing cells of what is full."""
    part, risen = np.zeros(wanted.shape), wanted > 0

    def fits(t, among):
        trial = np.where(among, t, part)
        return (trial <= own + 1e-12).all() and all(
            ((trial * wanted).sum(axes) <= room + 1e-10).all() for room, axes in rooms
        )

    while risen.any():
        low, high = part[risen].max(), 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if fits(middle, risen) else (low, middle)
        part = np.where(risen, low, part)
        still = np.zeros_like(risen)
        for at in zip(*np.nonzero(risen), strict=True):
            one = np.zeros_like(risen)
            one[at] = True
            still[at] = fits(low + 1e-7, one)
        risen = still
    return part


def programme(**more):
    cap = s.OriginCap(origin="KGZ", number=800, date="2026-01-01", source="x")
    given = {
        "name": "x", "kind": "pathway", "origin": "KGZ", "destination": "DEU", "quota": 800,
        "occupations": ("5", "7"), "stay": "24 month", "origin_cap": (cap,),
    } | more  # fmt: skip
    return s.Programme(**given)


def floor(density):
    return (s.Floor(origin="KGZ", occupation="5", density=density, source="x"),)


def ran(made, apply=(1500.0, 1200.0), unit="million person", occupation="5 7"):
    return made.simulate(
        applicants=mg.Cells((apply,), origin="KGZ", occupation=occupation).array("person/year"),
        workers=mg.Cells(((195.7, 180.0),), origin="KGZ", occupation="5 7").array(
            "thousand person"
        ),
        residents=mg.Cells((6.5,), origin="KGZ").array(unit), start="2026-01-01",
        horizon="1 year", hazards=s.Hazards(), migrants_counted="additional", seed=7,
    ).dataset.admissions.values.ravel()  # fmt: skip


@pytest.mark.parametrize("many", [1.0, 10.0])
@pytest.mark.parametrize("floors", [(), floor(300)])
def test_a_floor_that_does_not_bind_changes_nobody(many, floors):
    found = ran(programme(floors=floors), (1500 * many, 1200 * many))
    np.testing.assert_allclose(found, 800 * np.array([15, 12]) / 27, rtol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_parts_are_those_of_slow_filling(seed):
    rng = np.random.default_rng(seed)
    wanted = rng.uniform(0, 100, (3, 4, 2)) * rng.integers(0, 2, (3, 4, 2))
    own = np.minimum(rng.uniform(0.2, 2, wanted.shape), 1.0)
    shared = [
        (rng.uniform(0, 150, (4, 2)), (0,)),
        (rng.uniform(0, 200, (3, 2)), (1,)),
        (rng.uniform(0, 500, 2), (0, 1)),
    ]
    found = filled(wanted, own, shared)
    for n in range(2):
        alone = filled(
            wanted[..., n : n + 1], own[..., n : n + 1],
            [(room[..., n : n + 1], axes) for room, axes in shared],
        )  # fmt: skip
        np.testing.assert_array_equal(alone[..., 0], found[..., n])
        rooms = [(room[..., n], axes) for room, axes in shared]
        slow = filled_slowly(wanted[..., n], own[..., n], rooms)
        np.testing.assert_allclose(found[..., n], slow, atol=1e-6)
    for room, axes in shared:
        assert ((found * wanted).sum(axes) <= room * (1 + 1e-12)).all()
    slack = [(np.full(room.shape, 1e6), axes) for room, axes in shared]
    np.testing.assert_array_equal(filled(wanted, np.ones(wanted.shape), slack), wanted > 0)


def in_order(share, wanted):
    """The parts of those who wait, the least first, of one member."""
    return np.sort(share[wanted > 0])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2), st.floats(1.0, 50.0))
def test_more_room_never_lowers_the_least_part(seed, which, more):
    """The parts in rising order are no smaller at the first place where they differ.

    Neither each cell nor the sum rises with the room: who is let go by a limit of his own takes
    places that he shares with others.
    """
    rng = np.random.default_rng(seed)
    wanted = rng.uniform(1, 100, (3, 4, 1)) * rng.integers(0, 2, (3, 4, 1))
    own = np.minimum(rng.uniform(0.2, 2, wanted.shape), 1.0)
    axes = [(0,), (1,), (0, 1)]
    rooms = [rng.uniform(0, most, shape) for most, shape in (
        (150, (4, 1)), (200, (3, 1)), (500, (1,)))]  # fmt: skip
    before = filled(wanted, own, list(zip(rooms, axes, strict=True)))
    place = tuple(int(rng.integers(n)) for n in rooms[which].shape)
    rooms[which][place] += more
    after = filled(wanted, own, list(zip(rooms, axes, strict=True)))
    first, then = in_order(before, wanted), in_order(after, wanted)
    differ = np.flatnonzero(np.abs(first - then) > 1e-12)
    assert not differ.size or then[differ[0]] > first[differ[0]]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1.0, 50.0))
def test_more_places_under_one_limit_lower_nobody(seed, more):
    rng = np.random.default_rng(seed)
    wanted = rng.uniform(0, 100, (3, 4, 2)) * rng.integers(0, 2, (3, 4, 2))
    own = np.minimum(rng.uniform(0.2, 2, wanted.shape), 1.0)
    places = rng.uniform(0, 500, 2)
    before = filled(wanted, own, [(places, (0, 1))])
    after = filled(wanted, own, [(places + more, (0, 1))])
    assert (after >= before - 1e-12).all()
    assert (after * wanted).sum() >= (before * wanted).sum() - 1e-9


def test_residents_in_another_unit():
    with pytest.raises(InputError, match="thousand person") as caught:
        ran(programme(floors=floor(300)), unit="thousand person")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert again.argument == "residents"


@pytest.mark.parametrize(("density", "told"), [(400, "nobody"), (0.03, "not bind")])
def test_a_floor_that_is_broken_or_never_binds_is_told(density, told):
    made = programme(floors=floor(density))
    with pytest.warns(MigovWarning, match=told):
        ran(made)


def test_applicants_of_other_occupations_are_told():
    with pytest.warns(MigovWarning, match="occupation 9"):
        ran(programme(), (10.0, 10.0, 10.0), occupation="5 7 9")


@pytest.mark.parametrize(
    "make",
    [
        lambda: s.Programme(name="x", kind="pathway", origin="KGZ", destination="DEU",
                            stay="24 month", quota=0.5),
        lambda: s.Programme(name="x", kind="pathway", origin="KGZ", destination="DEU",
                            stay="24 month", trained_per_departure=100),
        lambda: s.Hazards(early_return=500.0),
        lambda: s.Queue(stage="langauge", places=6, months=2, passes=0.5),
        lambda: s.Queue(stage="Language", places=6, months=2, passes=0.5),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(make):
    with pytest.raises(DataError) as found:
        make()
    assert found.value.mend
    again = pickle.loads(pickle.dumps(found.value))
    assert (str(again), again.faults) == (str(found.value), found.value.faults)


def test_a_second_course_is_a_stage_of_its_own():
    assert s.Queue(stage="language B1", places=6, months=2, passes=0.5).stage == "language B1"


def test_a_cap_is_no_share():
    cap = s.OriginCap(origin="KGZ", number=0.8, date="2026-01-01", source="x")
    assert "no share" in cap.faults()[0]
