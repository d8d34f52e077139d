"""Which rule speaks and which is silent on one row: one fault, one finding (contract §1, "One fault, one finding")."""

from collections.abc import Iterable

from ledgerkit.model.finding import Finding

# A cell that cannot be read is one finding: nothing else speaks of that cell.
UNREADABLE = ("G020", "G021", "G002", "G005", "G008", "G009", "G016")

# The left speaks, the right are silent on that row.
YIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("G005", ("G002",)),
    ("G002", ("G003",)),
    ("G003", ("G004",)),
    ("M001", ("M003", "X009")),
    ("M004", ("D008",)),
    ("D008", ("D001", "M005", "X016")),
    ("M005", ("D006", "D015", "X016")),
    ("G009", ("M006",)),
    ("D006", ("D015",)),
    ("D007", ("D001", "G011")),
    ("D009", ("D001", "D015")),
    ("D002", ("D001",)),
    ("D003", ("D002", "D001")),
    ("R001", ("R002",)),
    ("R004", ("R003", "R002")),
    ("A023", ("A001",)),
    ("A001", ("A018", "A019", "A020", "X009", "X006")),
    ("X006", ("X020",)),
    ("A002", ("A003",)),
    ("A015", ("A003",)),
    ("A016", ("A005",)),
    ("A026", ("A032",)),
    ("A031", ("A013",)),
    ("A012", ("X011",)),
    ("A010", ("A012",)),
    ("A005", ("B019",)),
    ("A024", ("X001",)),
    ("A027", ("A006", "A007", "B011")),
    ("B001", ("B010", "B011", "X003", "X004")),
    ("V011", ("V001",)),
    ("V016", ("V010", "V026")),
    ("V002", ("V024",)),
    ("V001", ("V024",)),
    ("B006", ("B007",)),
    ("B002", ("B003", "B014")),
    ("O005", ("X016",)),
    ("X015", ("V024",)),
)


def spoken(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that speak: those silenced by another on their cell or row are left out."""
    listed = list(findings)
    unreadable: set[tuple[int, int | None, str | None]] = {(f.src, f.row, f.cell) for f in listed if f.rule in UNREADABLE and f.cell}
    # Wide dues have several dues rows in one Excel row: the key tells them apart.
    rows: dict[tuple[int, int | None, tuple[str, ...]], set[str]] = {}
    for finding in listed:
        rows.setdefault((finding.src, finding.row, finding.key), set()).add(finding.rule)
    return [f for f in listed if not _silenced(f, rows[f.src, f.row, f.key], unreadable)]


def _silenced(finding: Finding, codes: set[str], unreadable: set[tuple[int, int | None, str | None]]) -> bool:
    if finding.row is None:
        return False
    if finding.rule not in UNREADABLE and (finding.src, finding.row, finding.cell) in unreadable:
        return True
    return any(finding.rule in silent and speaker in codes for speaker, silent in YIELDS)
