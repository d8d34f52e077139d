"""ledgerkit review: where the auditors' decisions in a summary stand."""

from pathlib import Path

import click

from ledgerkit.cli.options import PREVIOUS_OPTION, Command, asked_rules, option, reporting, threshold, tongue
from ledgerkit.cli.terminal import put, put_data
from ledgerkit.errors import Phrase
from ledgerkit.locale import N_


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
@reporting
def command(
    summary: Path,
    output: Path | None,
    previous: tuple[Path, ...],
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
    from ledgerkit.review.standing import review
    from ledgerkit.writing import review as report
    from ledgerkit.writing.masking import review_masked
    from ledgerkit.writing.paper import write_paper
    from ledgerkit.writing.workbook import check_name

    check_name(output, (summary, *previous))
    one, *earlier = read_summaries([summary, *previous], [path.name for path in (summary, *previous)])
    whole = review(one, date.today(), earlier, asked_rules(codes))
    shown = whole if unmask else review_masked(whole)
    if output:
        write_paper(shown, output, tongue(lang))
    written = Phrase(N_("Working paper: {path}"), path=output) if output else None
    if not quiet and form == "text":
        put(report.as_text(shown, tongue(lang), written))
    elif not quiet:
        put_data(report.as_json(shown, tongue(lang)) if form == "json" else report.as_csv(shown, tongue(lang)))
    return int(whole.fails(threshold(fail_on)))
