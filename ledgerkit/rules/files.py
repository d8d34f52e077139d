"""F rules: files and sheets that cannot be used. The file is a rejected input; the run goes on with the others."""

from ledgerkit.model.finding import Severity
from ledgerkit.model.table import Table
from ledgerkit.rules.base import Flags, RuleSet

rules = RuleSet()
# Kinds of file that Excel does not open as a sheet of cells: other sentences say what to do.
_NOT_OPENED = {
    **dict.fromkeys(("PDF", "image", "Word", "PowerPoint", "document", "data", "device"), "no_cells"),
    "archive": "archive",
    "link": "link",
}


@rules.rule(
    "F001",
    severity=Severity.ERROR,
    title="Not a workbook",
    message={
        "opens": "This file is not an Excel workbook but {observed}. Open it in Excel or WPS, save it as .xlsx and send it again.",
        "no_cells": "This file is not an Excel workbook but {observed}, whatever its name says, and holds no cells. Send the workbook that it was made from.",
        "archive": "This file is not an Excel workbook but {observed} (zip, rar, 7z). Unpack it and send the workbooks that are in it.",
        "link": "This is not an Excel workbook but {observed}, and links are not followed, so that nothing is read that does not lie in the folder. Put the workbook itself here.",
    },
    basis="P",
)
def not_a_workbook(files: Table) -> object:
    """A web page, a PDF or a text file renamed to .xlsx or .xls is no workbook: what it is is told by its bytes and not by its name.

    What to do: open the file in Excel or WPS, choose "Save as" and the type .xlsx, and send that copy; of a PDF, a picture or a Word
    document find the workbook that it was made from; unpack an archive; put the workbook in the place of a link to it.
    False alarm: none; the file's first bytes say what it is. A text file is read where its name ends in .csv.

    | files: file | problem | observed | ! |
    | dues.xlsx   | F001    | HTML     | x |
    | all.xlsx    | F007    | Sheet1   |   |
    """
    return Flags(files.says("problem", "F001"), case=files["observed"].map(_NOT_OPENED).fillna(""))


@rules.rule(
    "F002",
    severity=Severity.ERROR,
    title="Encrypted workbook",
    message={
        "no_password": "The workbook is encrypted: it needs a password to open and was not read. Give the password with --password-file (a text file, one password a line), or remove it (in Excel: File > Info > Protect Workbook) and send the workbook again.",
        "none_fits": "The workbook is encrypted: it needs a password to open, and none of those in the password file opens it; it was not read. Ask the sender for the password and add it to the file as a line of its own, or have it removed.",
        "ods": "The workbook is encrypted: it needs a password to open and was not read; passwords of .ods files cannot be used here. Open it in LibreOffice or WPS, save it as .xlsx and send that.",
    },
    basis="P",
)
def encrypted(files: Table) -> object:
    """A workbook with a password to open it is read only with its password; none is ever guessed.

    What to do: write the password into a text file, one a line, and give that file with `--password-file`; or open the workbook,
    remove the password to open (File > Info > Protect Workbook > Encrypt), save and send it again.
    False alarm: none. A protected sheet or a protected structure is not encryption and is read.

    | files: file | problem | ! |
    | dues.xlsx   | F002    | x |
    | all.xlsx    | F003    |   |
    """
    return Flags(files.says("problem", "F002"), case=files["case"])


@rules.rule(
    "F003",
    severity=Severity.ERROR,
    title="Empty or damaged file",
    message={
        "damaged": "The file is empty, cut short or damaged and was not read. Open the original in Excel or WPS, save it again and resend it.",
        "encoding": "The characters of this text file are not all of one encoding (UTF-8, UTF-16 or GB18030), or it was cut short, and it was not read. Open the original in Excel or WPS, check that its characters are right, and save it as .xlsx.",
        "separator": "It cannot be told whether commas, tabs or semicolons separate the cells of this text file, and it was not read. Open the original in Excel or WPS and save it as .xlsx.",
        "cells": "Row {observed} of this text file cannot be divided into cells: a quotation mark is not closed or stands in the wrong place, or a cell is far too long. The file was not read. Open the original in Excel or WPS and save it as .xlsx.",
        "wider": "Row {observed} of this text file has more cells than the heading: a separator inside a value, as in 1,200.50, is not in quotation marks, and amounts may have moved to other columns. The file was not read. Open the original in Excel or WPS and save it as .xlsx.",
        "twice": "Two parts inside this file have the same name, so that it cannot be told which of the two holds, and it was not read. Open the original in Excel or WPS, save it again and resend it.",
        "doctype": "This file holds a declaration (DOCTYPE) that Excel and WPS never write and that can make a program read other files or run without end; it was not read. Ask where it comes from, and copy the rows into a blank template.",
        "beyond": "A cell of this file stands outside the grid of Excel (1,048,576 rows, 16,384 columns), as in a file that was damaged or not made by a spreadsheet program; it was not read. Open the original in Excel or WPS, save it again and resend it.",
    },
    basis="P",
)
def damaged(files: Table) -> object:
    """A file of no bytes, one that was cut short in copying, or one whose parts do not fit together: what can be read of it proves nothing.

    A text file (.csv) is read only where its characters, separators and quotation marks leave one reading.

    What to do: go back to the original, open it in Excel or WPS, save it under a new name and send that.
    False alarm: none known.

    | files: file | problem | observed | ! |
    | dues.xlsx   | F003    | 0 bytes  | x |
    | all.xlsx    | F001    | PDF      |   |
    """
    return Flags(files.says("problem", "F003"), case=files["case"])


@rules.rule(
    "F004",
    severity=Severity.ERROR,
    title="Over a limit",
    message={
        "memory": "Reading this file takes more memory than a file may take, and it was not read. Send it in parts, or copy the rows into a blank template and send that.",
        "file": "This file is larger than {observed}, and it was not read. Send it in parts.",
        "parts": "This file is packed of {observed} parts, many more than any ordinary workbook, and it was not read. Copy the rows into a blank template and send that; ask where the file comes from.",
        "size": "This file unpacks to more than {observed}, and it was not read. Send it in parts, or copy the rows into a blank template and send that.",
        "ratio": "A part of this file unpacks to more than {observed} times its size, as in a file that is made to fill a computer up, and it was not read. Copy the rows into a blank template and send that; ask where the file comes from.",
        "cells": "A sheet of this file reaches to {observed}, far from its other cells, and there are too many cells between to read. Delete what stands by itself far down or far to the right (Ctrl+End goes there), save the file and send it again.",
        "text": "A cell of this file holds a text of {observed} bytes, many times what a cell of Excel can hold, and the file was not read. Copy the rows into a blank template and send that.",
        "strings": "This file says that it holds more texts than there is room for in it, and it was not read. Open the original in Excel or WPS, save it again and resend it.",
    },
    basis="P",
)
def over_a_limit(files: Table) -> object:
    """A small file can unfold into more than a computer holds. What goes over a limit is stopped before it stops the run.

    What to do: copy the rows with values into a blank template (`ledgerkit template`) and send that. Ask where the file came from.
    False alarm: a workbook of several hundred thousand rows on a computer with little memory; send it in parts.

    | files: file | problem | case   | observed   | ! |
    | dues.xlsx   | F004    | cells  | XFD1048576 | x |
    | old.xlsx    | F004    | memory |            | x |
    | all.xlsx    | F003    |        |            |   |
    """
    return Flags(files.says("problem", "F004"), case=files["case"])


@rules.rule(
    "F005",
    severity=Severity.ERROR,
    title="The reader failed on it",
    message="The program that reads workbooks broke off on this file ({observed}), so nothing of it was counted. Save it anew as .xlsx in Excel or WPS; if it still fails, send us the file.",
    basis="P",
)
def reader_failed(files: Table) -> object:
    """Each file is read by itself, so that one which breaks the reader does no harm to the others. Nothing of the broken one is counted.

    What to do: open the original in Excel or WPS and save it anew as .xlsx. Where that fails too, copy the rows into a blank template.
    False alarm: the file may be sound and the fault the program's; but what cannot be read cannot be counted.

    | files: file | problem | observed | ! |
    | dues.xls    | F005    | exit -6  | x |
    | all.xlsx    | F006    | 300 s    |   |
    """
    return files.says("problem", "F005")


@rules.rule(
    "F006",
    severity=Severity.ERROR,
    title="Took too long",
    message="Reading this file took longer than {observed} and was stopped; nothing of it was counted. Save it anew as .xlsx, or send it in parts.",
    basis="P",
)
def took_too_long(files: Table) -> object:
    """A file that keeps its reader busy for minutes would hold up all the others.

    What to do: save it anew as .xlsx, without pictures and formats; a very large ledger is better sent in parts, a file a quarter.
    False alarm: an honest file on a very slow computer or a network drive; copy it to the computer's own disk first.

    | files: file | problem | observed | ! |
    | dues.xlsx   | F006    | 300 s    | x |
    | all.xlsx    | F005    | exit -6  |   |
    """
    return files.says("problem", "F006")


@rules.rule(
    "F007",
    severity=Severity.ERROR,
    title="No known ledger",
    message={
        "sheets": "No ledger was recognised in {observed}: nothing of it was counted. Use the template's headings, or delete the sheet if it is not needed.",
        "text": "No ledger was recognised in this text file: nothing of it was counted. Use the template's headings, or move the file to another folder if it is no ledger.",
    },
    basis="P",
)
def no_known_ledger(files: Table) -> object:
    """A sheet is read when it has the key column and at least half of the other required headings of one ledger. Others are not guessed at.

    What to do: compare the headings with those of the template (`ledgerkit template`); correct them, or remove a sheet that does not belong.
    False alarm: a sheet of notes or working figures; delete it from the copy that you send, or put F007 in the policy's `ignore`.

    | files: file | problem | observed | ! |
    | notes.xlsx  | F007    | Sheet1   | x |
    | all.xlsx    | F002    |          |   |
    """
    return Flags(files.says("problem", "F007"), case=files["case"])


@rules.also("F007")
def sheet_of_no_ledger(sheets: Table) -> object:
    """A sheet that no ledger fits, or that two fit equally well, in a file whose other sheets are read.

    | sheets: ledger | problem | observed | ! |
    | dues           | unknown | 12       | x |
    | dues           |         |          |   |
    """
    return sheets["problem"] != ""


@rules.rule(
    "F008",
    severity=Severity.ERROR,
    title="Submitted twice",
    message="This file repeats rows of {expected} and was not counted. Keep one of the two, or put the later date on the cover of the one that holds.",
    basis="P",
)
def submitted_twice(files: Table) -> object:
    """Two files give the same branch's ledger with rows in common. Counting both would double the money.

    Where both say the same the first in path order counts; where they differ the one with the later date on its cover, and without
    such a date neither.

    What to do: remove the file that does not hold, or fill in the date on the covers.
    False alarm: files of different months do not share rows and are simply added; they are never flagged.

    | files: file | problem | observed | expected | ! |
    | b.xlsx      | F008    | b.xlsx   | a.xlsx   | x |
    | c.xlsx      | F011    | 2014     | 2015     |   |
    """
    return files.says("problem", "F008")


@rules.rule(
    "F009",
    severity=Severity.ERROR,
    title="Changed while being read",
    message="This file was being saved or copied while it was read, and was not counted. Close it in Excel or WPS, wait until it is saved or copied, and run again.",
    basis="P",
)
def changed_while_read(files: Table) -> object:
    """Half of the old file and half of the new one is neither: size and time of a file must be the same before and after reading it.

    What to do: close the file, wait until the copy or the synchronisation of the folder has ended, and run again.
    False alarm: a folder that a program synchronises all the time; copy the books to a folder of their own.

    | files: file | problem | ! |
    | dues.xlsx   | F009    | x |
    | all.xlsx    | F003    |   |
    """
    return files.says("problem", "F009")


@rules.rule(
    "F010",
    severity=Severity.ERROR,
    title="Branch not known",
    message="It cannot be told which branch this file belongs to. Fill in the code on its cover and send it again.",
    basis="P",
    merge_only=True,
)
def branch_not_known(files: Table) -> object:
    """In a merge every row needs a branch: a file without a cover, in a folder without one, belongs to nobody.

    What to do: fill in the branch code on the cover, or put the file into the folder of its branch.
    False alarm: none; outside a merge such a file is read under an empty code.

    | files: file | problem | ! |
    | dues.xlsx   | F010    | x |
    | all.xlsx    | F011    |   |
    """
    return files.says("problem", "F010")


@rules.rule(
    "F011",
    severity=Severity.ERROR,
    title="Another year's books",
    message="This file is of {observed}, the books are of {expected}: it was not counted. Move it out of the folder, or correct the year on its cover.",
    basis="P",
)
def another_year(files: Table) -> object:
    """Figures of two years in one summary would prove nothing.

    What to do: move the file out of the folder; if only the cover is wrong, correct the year there. `--year` settles the books' year.
    False alarm: a cover copied from last year.

    | files: file | problem | observed | expected | ! |
    | old.xlsx    | F011    | 2014     | 2015     | x |
    | dues.xlsx   | F008    | b.xlsx   | a.xlsx   |   |
    """
    return files.says("problem", "F011")


@rules.rule(
    "G026",
    severity=Severity.LOW,
    title="Template outdated or mangled",
    message="The workbook was made from another template version or lost named cells ({observed}). It was read; use a new template next time.",
    basis="P",
)
def mangled_template(files: Table) -> object:
    """A template carries a hidden stamp and names the cells of its cover. An old version, or names lost in copying, can hide a lost column.

    What to do: make a new template (`ledgerkit template`) and paste the values into it.
    False alarm: a cover rebuilt by hand whose labels are complete is still read by its labels.

    | files: file | problem | observed | expected | ! |
    | dues.xlsx   | G026    | 0        | 1        | x |
    | all.xlsx    | F007    | Sheet1   |          |   |
    """
    return files.says("problem", "G026")


@rules.rule(
    "G025",
    severity=Severity.INFO,
    title="A ledger is missing",
    message="These files hold no ledger “{observed}”: its rules were not run and its figures are missing. Add the sheet if the branch keeps one.",
    basis="P",
)
def missing_ledger(needed: Table) -> object:
    """A reconciliation without the budget or the roster leaves most of its questions open (high); without another ledger some (info).

    What to do: add the sheet or file. Whatever is here is reconciled all the same.
    False alarm: a branch without, say, any activity in the year.

    | needed: ledger | present | ! |
    | budget         | no      | x |
    | activities     | no      | x |
    | dues           | yes     |   |
    """
    grave = needed["ledger"].isin(["budget", "members"])
    severity = grave.map({True: Severity.HIGH, False: Severity.INFO})
    return Flags(~needed["present"], observed=needed["ledger"], severity=severity)
