"""Damaged files by chance: each is read as its original, or gets a verdict; none ends the run, none is another file in silence.

`flips` and `cuts` are of one workbook, every kind of `mutants` of many. What is changed inside a package and packed anew has a right checksum
and is another file: of these only what becomes of the reader is counted. So it is with .xls and .csv, which have no checksum.
"""

import io
import random
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from ledgerkit.reading.engine import read_bytes
from ledgerkit.reading.isolate import Readers
from ledgerkit.reading.raw import RawFile

BATCH = 200
ROOT = Path(__file__).parents[2]
CHECKED = (".xlsx", ".xlsm", ".xlsb", ".ods")
Damage = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True)
class Mutant:
    """A damaged copy of a seed: how it was damaged, its bytes, whether a checksum tells of the damage."""

    seed: Path
    kind: str
    data: bytes
    checked: bool


def seeds() -> list[Path]:
    """Every workbook and text file of the samples, the templates and the tests' other formats."""
    folders = (ROOT / "samples", ROOT / "templates", ROOT / "tests" / "formats")
    files = (
        path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in (*CHECKED, ".xls", ".csv")
    )
    return [path for path in files if not read_bytes(path.read_bytes(), path.name).problem]


def flip(chance: random.Random, data: bytes) -> bytes:
    """One bit."""
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def cut(chance: random.Random, data: bytes) -> bytes:
    """The end missing."""
    return data[: chance.randrange(len(data))]


def drop(chance: random.Random, data: bytes) -> bytes:
    """Some bytes missing in the middle."""
    first, last = _span(chance, data)
    return data[:first] + data[last:]


def blank(chance: random.Random, data: bytes) -> bytes:
    """Some bytes turned to noughts."""
    first, last = _span(chance, data)
    return data[:first] + bytes(last - first) + data[last:]


def repeat(chance: random.Random, data: bytes) -> bytes:
    """Some bytes twice."""
    first, last = _span(chance, data)
    return data[:last] + data[first:]


def swap(chance: random.Random, data: bytes) -> bytes:
    """A number of four bytes turned into a very large one."""
    at = chance.randrange(max(len(data) - 4, 1))
    return data[:at] + struct.pack("<I", chance.choice((0xFFFFFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0x10000000))) + data[at + 4 :]


def _span(chance: random.Random, data: bytes) -> tuple[int, int]:
    first = chance.randrange(len(data))
    return first, min(len(data), first + 1 + int(chance.paretovariate(0.7)))


DAMAGES: Sequence[Damage] = (flip, cut, drop, blank, repeat, swap)


def inside(chance: random.Random, data: bytes, damage: Damage) -> bytes:
    """A package with one part damaged and packed anew, its checksum right."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = chance.choice(sorted(name for name, part in parts.items() if part))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(part, damage(chance, content) if part == name else content)
    return out.getvalue()


def mutants(count: int, seed: int) -> Iterator[Mutant]:
    """So many mutants of the seeds, half of the packages damaged inside."""
    chance, files = random.Random(seed), seeds()
    for _ in range(count):
        path, damage = chance.choice(files), chance.choice(DAMAGES)
        data, packed = path.read_bytes(), path.suffix in CHECKED
        within = packed and chance.random() < 0.5
        changed = inside(chance, data, damage) if within else damage(chance, data)
        yield Mutant(path, f"{damage.__name__}{' inside' if within else ''}", changed, packed and not within)


def flips(path: Path, count: int, seed: int) -> Iterator[Mutant]:
    """A workbook with one bit flipped, so many times, each bit another."""
    chance, data = random.Random(seed), path.read_bytes()
    for at in chance.sample(range(8 * len(data)), count):
        yield Mutant(path, "flip", data[: at // 8] + bytes([data[at // 8] ^ 1 << at % 8]) + data[at // 8 + 1 :], True)


def cuts(path: Path) -> Iterator[Mutant]:
    """A workbook cut at every hundredth of its length and where each of its parts begins."""
    data = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        parts = {info.header_offset for info in package.infolist()}
    for at in sorted({len(data) * hundredth // 100 for hundredth in range(100)} | parts):
        yield Mutant(path, "cut", data[:at], True)


def outcomes(damaged: Iterator[Mutant]) -> Counter[tuple[str, str]]:
    """How many (checksum or not, what became of it): a verdict's code, "same", or "another"."""
    counted: Counter[tuple[str, str]] = Counter()
    originals: dict[Path, RawFile] = {}
    while batch := list(islice(damaged, BATCH)):
        for mutant, raw in zip(batch, _read(batch), strict=True):
            original = originals.setdefault(mutant.seed, read_bytes(mutant.seed.read_bytes(), mutant.seed.name))
            same = (raw.sheets, raw.names, raw.base_1904) == (original.sheets, original.names, original.base_1904)
            counted["checksum" if mutant.checked else "none", raw.problem or ("same" if same else "another")] += 1
    return counted


def _read(batch: Sequence[Mutant]) -> list[RawFile]:
    with TemporaryDirectory() as folder:
        files = []
        for number, mutant in enumerate(batch):
            # A text file's sheet has the file's name, which is therefore the seed's.
            path = Path(folder, str(number), mutant.seed.name)
            path.parent.mkdir()
            path.write_bytes(mutant.data)
            files.append((path, path.name))
        with Readers(files) as readers:
            return readers.files()
