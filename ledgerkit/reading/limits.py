"""How much one file may take: the one place of these figures."""

from dataclasses import dataclass

MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True)
class Limits:
    """What reading one file may take. No honest workbook of some thousands comes near, and a file of a few kilobytes can go over each.

    `file`: bytes on the disk. Of a package: `parts` in it, bytes of one `part` and of the whole `package` inflated, and how many times its
    packed size a part may inflate to (`ratio`) once it has passed `spared` bytes. Of a sheet: `cells` from A1 to the last row and the last
    column that hold a value, bytes of one `text`. Of the process that reads: bytes of `memory`, `seconds`.
    """

    file: int = 512 * MIB
    parts: int = 1000
    part: int = 256 * MIB
    package: int = 512 * MIB
    ratio: int = 200
    spared: int = MIB
    cells: int = 20_000_000
    text: int = MIB
    memory: int = 4 * GIB
    seconds: float = 300


LIMITS = Limits()
