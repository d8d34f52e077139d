"""Correction packs given back, whatever program saved them: rows are read by their headings and by the finding's id, in either language.

A pack is a stranger's file like any other and is read in a process of its own. What is no pack is told, and the others go on.
"""

import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import ParseError

from ledgerkit.errors import BadInput, Phrase
from ledgerkit.locale import N_, catalogue
from ledgerkit.model import money
from ledgerkit.model.correction import ABOUT, ANSWERED, ANSWERS, COLUMNS, JUSTIFIED, Answer, Pack
from ledgerkit.model.decision import Filed, is_day
from ledgerkit.model.person import mask_text
from ledgerkit.model.stamp import CORRECTIONS, KIND
from ledgerkit.reading.isolate import Readers
from ledgerkit.reading.labelled import DIGEST, FINDING_ID, Head, below, day, has_head, key_of, pairs, spoken_in, text
from ledgerkit.reading.limits import LIMITS
from ledgerkit.reading.paths import inputs
from ledgerkit.reading.preflight import Parts
from ledgerkit.reading.raw import Cell, RawFile, Refused, letter
from ledgerkit.reading.summary import NO_DAY
from ledgerkit.reading.truth import properties

NO_FOLDER = N_("{path} is not a folder. Give --answers the folder that holds the packs given back.")
UNREADABLE = N_("{path} cannot be read as a workbook ({code}) and is left out. Ask for the pack once more, as Excel or WPS saves it.")
NO_PACK = N_(
    "{path} is left out: it is no correction pack, for no sheet of it has the headings “{answer}” and “{id}”. Put them back where they were changed."
)
NO_ID = N_("{place}: an answer stands on a row without a finding's id and is left out. Copy the id of its finding into the row.")
UNKNOWN_ANSWER = N_("{place}: “{answer}” is no answer. Choose one of {choices}; until then only the explanation counts.")
CHOICES = N_("corrected, justified")
UNEXPLAINED = N_("{place}: answered “justified” without an explanation, and counts as ignored. Ask the branch why the cell is right.")
MISSING = N_(
    "{path}: {missing} of the {count} findings that it was sent with are no longer in it. Ask the branch for the pack as it was sent."
)
_NEEDED = ("answer", "id")


def answers_in(folder: Path) -> tuple[list[Pack], list[Phrase]]:
    """The packs in a folder, and a sentence for each workbook there that is none. Raises BadInput for what is no folder or holds no workbook."""
    if not folder.is_dir():
        raise BadInput(NO_FOLDER, path=folder)
    return _told_apart([(item.path, item.shown) for item in inputs([folder])])


def answers_beside(folder: Path) -> tuple[list[Pack], list[Phrase]]:
    """The packs that lie among the books in a folder, by the stamp in them; the books themselves are not read, and need not be there."""
    try:
        listed = inputs([folder])
    except BadInput:
        return [], []
    return _told_apart([(item.path, item.shown) for item in listed if is_stamped(item.path)])


def _told_apart(files: Sequence[tuple[Path, str]]) -> tuple[list[Pack], list[Phrase]]:
    read = read_packs(files)
    packs = [one for one in read if isinstance(one, Pack)]
    return packs, [*(one for one in read if isinstance(one, Phrase)), *(remark for pack in packs for remark in pack.remarks)]


def read_packs(files: Sequence[tuple[Path, str]]) -> list[Pack | Phrase]:
    """Each of some files (path, as shown) as a pack, or a sentence on why it is none."""
    with Readers(files, LIMITS, ()) as readers:
        return [_pack(raw) for raw in readers.files()]


def is_stamped(path: Path) -> bool:
    """Whether a workbook says of itself that it is a correction pack. One that cannot be opened says nothing."""
    try:
        with zipfile.ZipFile(path) as package:
            return properties(Parts(package, LIMITS)).get(KIND) == CORRECTIONS
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ParseError, LookupError, Refused):
        return False


def _pack(raw: RawFile) -> Pack | Phrase:
    if raw.problem:
        return Phrase(UNREADABLE, path=raw.path, code=raw.problem)
    sheets = [sheet for sheet in raw.sheets if has_head(sheet, COLUMNS, _NEEDED)]
    if not sheets:
        say = catalogue(spoken_in(raw.sheets)).gettext
        return Phrase(NO_PACK, path=raw.path, answer=say(COLUMNS["answer"]), id=say(COLUMNS["id"]))
    about: dict[str, str] = {}
    for sheet in sheets:
        for key, cell in pairs(sheet, ABOUT):
            about.setdefault(key, text(cell))
    rows = [_answer(raw.path, sheet.name, about, *found) for sheet in sheets for found in below(sheet, COLUMNS, _NEEDED)]
    answers = [one for one in rows if FINDING_ID.fullmatch(one.finding.id)]
    remarks = [remark for one in rows for remark in _remarks(one)]
    digests = frozenset(told for sheet in sheets for row in sheet.rows for cell in row if DIGEST.fullmatch(told := text(cell)))
    year = about.get("year", "")
    remarks += _missing(raw.path, about, answers)
    is_answered = not all(one.is_blank for one in rows)
    return Pack(raw.path, int(year) if year.isdecimal() else None, answers, remarks, digests, is_answered)


def _answer(file: str, sheet: str, about: Mapping[str, str], head: Head, number: int, row: Sequence[Cell]) -> Answer:
    """What a row below a header says."""
    texts = head.texts(row)
    said = {key: texts.pop(key, "") for key in ANSWERED}
    columns = {key: letter(head.columns[key]) for key in ANSWERED if key in head.columns}
    texts["branch"] = about.get("branch", "")
    filed = Filed(texts["id"], texts, money.to_minor(head.cell(row, "amount")))
    answer = key_of(said["answer"], ANSWERS)
    return Answer(
        filed, answer, said["explanation"], said["answered_by"], day(said["answered_on"]), file, sheet, number, columns, head.lang
    )


def _remarks(one: Answer) -> Iterator[Phrase]:
    """What is odd in a row's answer, at its cell."""
    if not FINDING_ID.fullmatch(one.finding.id):
        if not one.is_blank:
            yield Phrase(NO_ID, place=one.place())
        return
    if one.answer and one.answer not in ANSWERS:
        yield Phrase(UNKNOWN_ANSWER, place=one.place(), answer=mask_text(one.answer), choices=Phrase(CHOICES))
    if one.answer == JUSTIFIED and not one.explanation:
        yield Phrase(UNEXPLAINED, place=one.place("explanation"))
    if one.answered_on and not is_day(one.answered_on):
        yield Phrase(NO_DAY, place=one.place("answered_on"), day=mask_text(one.answered_on))


def _missing(path: str, about: Mapping[str, str], answers: Sequence[Answer]) -> Iterator[Phrase]:
    """A sentence where rows that were sent are not given back."""
    sent = about.get("count", "")
    missing = (int(sent) if sent.isdecimal() else 0) - len({one.finding.id for one in answers})
    if missing > 0:
        yield Phrase(MISSING, path=path, missing=missing, count=sent)
