"""ledgerkit review: where the auditors' decisions in a summary stand."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgerkit.cli.options import PREVIOUS_OPTION, Command, asked_rules, option, reporting, threshold, tongue
from ledgerkit.cli.terminal import put, put_data
from ledgerkit.errors import Phrase
from ledgerkit.locale import N_

if TYPE_CHECKING:
    from ledgerkit.model.decision import Previous
    from ledgerkit.review.answers import Answered


@click.command(
    "review",
    cls=Command,
    help=N_(
        "Says where the auditors' decisions in a summary stand, and what is still open.\n\n"
        "SUMMARY is the workbook that reconcile wrote, with the decisions that were entered in it since. "
        "The exit status is 1 while findings of the severity given by --fail-on, or worse, are open."
    ),
)
@click.argument("summary", metavar="SUMMARY", type=click.Path(path_type=Path))
@option(
    "-o",
    "output",
    type=click.Path(path_type=Path),
    help=N_("A working paper to print and sign: what was decided, with evidence and basis."),
)
@PREVIOUS_OPTION
@option(
    "--answers",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help=N_("Folder of correction packs given back: which findings were changed, justified or ignored (default: packs among the books)."),
)
@reporting
def command(
    summary: Path,
    output: Path | None,
    previous: tuple[Path, ...],
    folder: Path | None,
    lang: str | None,
    form: str,
    fail_on: str,
    codes: tuple[str, ...],
    unmask: bool,
    quiet: bool,
) -> int:
    """See the command's help."""
    from datetime import date

    from ledgerkit.reading.summary import read_summaries
    from ledgerkit.review.evidence import ages
    from ledgerkit.review.standing import review
    from ledgerkit.writing import review as report
    from ledgerkit.writing.masking import review_masked
    from ledgerkit.writing.paper import write_paper
    from ledgerkit.writing.workbook import check_name

    check_name(output, (summary, *previous))
    one, *earlier = read_summaries([summary, *previous], [path.name for path in (summary, *previous)])
    today = date.today()
    whole = review(one, today, earlier, asked_rules(codes), ages((summary, *previous), today))
    answered = answers(folder, summary.parent / one.folder if one.folder else None, one, asked_rules(codes), unmask)
    shown = whole if unmask else review_masked(whole)
    if output:
        write_paper(shown, output, tongue(lang))
    written = Phrase(N_("Working paper: {path}"), path=output) if output else None
    if not quiet and form == "text":
        put(report.as_text(shown, tongue(lang), written, answered))
    elif not quiet:
        put_data(report.as_json(shown, tongue(lang), answered) if form == "json" else report.as_csv(shown, tongue(lang)))
    return int(whole.fails(threshold(fail_on)))


def answers(folder: Path | None, books: Path | None, summary: "Previous", codes: Sequence[str], unmask: bool) -> "Answered | None":
    """What became, by the summary, of the findings of the packs in a folder, else of those that lie among the books."""
    from ledgerkit.reading.answers import answers_beside, answers_in
    from ledgerkit.review.answers import answered
    from ledgerkit.writing.masking import answers_masked

    packs, remarks = answers_in(folder) if folder else answers_beside(books) if books else ([], [])
    if not (folder or packs or remarks):
        return None
    whole = answered(packs, remarks, summary, codes)
    return whole if unmask else answers_masked(whole)
