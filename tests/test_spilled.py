"""Values on the disk: the same as in memory, whatever their number, and a merge made with them the same bytes."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgerkit.audit import Options
from ledgerkit.errors import BadOutput
from ledgerkit.locale import catalogue
from ledgerkit.merge import pages, spilled
from ledgerkit.merge.federation import Merging, merge
from ledgerkit.merge.spilled import Spilled, in_order
from ledgerkit.model.listed import Picked
from ledgerkit.writing.json import as_json
from ledgerkit.writing.masking import masked
from ledgerkit.writing.workbook import write_summary

SAMPLES = Path(__file__).parents[1] / "samples"

PAIRS = st.lists(st.tuples(st.integers(0, 5), st.text(max_size=3)))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs, pieces and pages of a few values."""
    for owner, name, value in ((spilled, "RUN", 7), (spilled, "PIECE", 3), (pages, "PAGE", 4)):
        monkeypatch.setattr(owner, name, value)


@pytest.mark.usefixtures("small")
def test_values_on_the_disk_are_a_sequence() -> None:
    @given(PAIRS, st.slices(12))
    def check(pairs: list[tuple[int, str]], some: slice) -> None:
        kept = Spilled(iter(pairs))
        assert (len(kept), list(kept), list(kept)) == (len(pairs), pairs, pairs)
        assert [kept[at] for at in range(-len(pairs), len(pairs))] == [pairs[at] for at in range(-len(pairs), len(pairs))]
        if some.step is None or some.step > 0:
            assert kept[some] == pairs[some]
        with pytest.raises(IndexError):
            kept[len(pairs)]

    check()


@pytest.mark.usefixtures("small")
def test_two_that_go_through_the_same_file_do_not_disturb_each_other() -> None:
    kept = Spilled(range(10))
    assert list(zip(kept, kept, strict=True)) == [(number, number) for number in range(10)]


@pytest.mark.usefixtures("small")
def test_values_are_put_in_order_as_python_does_it() -> None:
    @given(PAIRS)
    def check(pairs: list[tuple[int, str]]) -> None:
        found = in_order(iter(pairs), key=lambda pair: pair[0])
        wanted = sorted(pairs, key=lambda pair: pair[0])
        assert (list(found), list(found)) == (wanted, wanted), "those alike stay as they came, each time"

    check()


@pytest.mark.usefixtures("small")
def test_few_values_are_kept_in_memory() -> None:
    for count, kind in ((0, list), (7, list), (8, Spilled)):
        kept = spilled.kept(iter(range(count)))
        assert (type(kept), list(kept), len(kept)) == (kind, list(range(count)), count)


def test_what_is_picked_stays_where_it_is() -> None:
    values = Spilled(range(6))
    picked = Picked(values, bytes(value % 2 for value in values))
    assert (len(picked), list(picked), picked[1], picked[:2]) == (3, [1, 3, 5], 3, [1, 3])
    assert not Picked(values, bytes(6))


@pytest.mark.parametrize("owner", [(spilled, "send"), (spilled.tempfile, "TemporaryFile")], ids=["written", "made"])
def test_a_disk_that_is_full_is_told(owner: tuple[Any, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*owner, full)
    with pytest.raises(BadOutput) as refused:
        Spilled([1])
    assert refused.value.render(catalogue("en").gettext) == (
        f"The folder for temporary files, {tempfile.gettempdir()}, takes nothing (No space left on device). "
        "Make room there, or give another one in TMPDIR (Windows: TEMP), and run again."
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str, bytes]:
    """A merge whose rows are few enough for the memory."""
    return merged(tmp_path_factory.mktemp("whole"))


def merged(place: Path) -> tuple[bytes, str, bytes]:
    """The workbook, the JSON and the masked workbook of the merge of the sample year's branches."""
    books = [SAMPLES / "organs-union-2015" / "books"]
    report = merge(books, Options(), Merging(place, jobs=1)).report

    def book(of: Any) -> bytes:
        write_summary(of, place / "out.xlsx", books, "zh")
        return (place / "out.xlsx").read_bytes()

    return book(report), as_json(report, "zh"), book(masked(report))


@pytest.mark.usefixtures("small")
def test_a_merge_on_the_disk_is_the_same_to_the_byte(whole: tuple[bytes, str, bytes], tmp_path: Path) -> None:
    assert merged(tmp_path) == whole
