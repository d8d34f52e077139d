"""ledgerkit merge: many branch workbooks to one federation workbook."""

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from ledgerkit.cli.options import (
    AS_OF_OPTION,
    PACKS_OPTION,
    PASSWORDS_OPTION,
    PATHS,
    POLICY_OPTION,
    PREVIOUS_OPTION,
    YEAR_OPTION,
    Command,
    option,
    or_here,
    reporting,
    run_options,
    threshold,
    tongue,
)
from ledgerkit.locale import N_, Lang, catalogue

# What stands before and after the bar: what is done, how many of how many, how many a second, the time left.
BAR = N_("{desc} {n_fmt} of {total_fmt} |{bar}| {rate_fmt}, {remaining} left")


@click.command(
    "merge",
    cls=Command,
    help=N_(
        "Merges the workbooks of many branches into one federation workbook.\n\nPATH is a workbook or a folder (default: the current folder)."
    ),
)
@PATHS
@option("-o", "output", type=click.Path(path_type=Path), help=N_("The federation workbook (default: federation-<year>.xlsx, here)."))
@option("--register", type=click.Path(path_type=Path), metavar="FILE", help=N_("The register of branches: who should have sent books."))
@POLICY_OPTION
@PASSWORDS_OPTION
@AS_OF_OPTION
@YEAR_OPTION
@PREVIOUS_OPTION
@PACKS_OPTION
@option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=N_(
        "Folder for the merged ledgers as Parquet, every row with its branch and its cell. With --unmask a higher federation merges it like the workbooks."
    ),
)
@option(
    "--jobs", type=click.IntRange(1), metavar="N", help=N_("How many processes work at once (default: as many as there are processors).")
)
@option("--strict", is_flag=True, help=N_("Stop at the first file that cannot be used."))
@option(
    "--cache",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=N_(
        "Folder where what was read is kept, so that a later run reads only what has changed. It holds the books' data: keep it as safe as them."
    ),
)
@reporting
def command(
    paths: tuple[Path, ...], output: Path | None, register: Path | None, policy: Path | None, password_file: Path | None,
    as_of: date | None, year: int | None, previous: tuple[Path, ...], packs: Path | None, data: Path | None, jobs: int | None,
    strict: bool, cache: Path | None, lang: str | None, form: str, fail_on: str, codes: tuple[str, ...], unmask: bool, quiet: bool,
) -> int:  # fmt: skip
    """See the command's help."""
    from ledgerkit.cli.reconcile import earlier_packs, write, write_packs
    from ledgerkit.cli.show import exit_code, remark, show
    from ledgerkit.merge.federation import Merging, merge
    from ledgerkit.writing.data import check_data, write_data
    from ledgerkit.writing.masking import masked
    from ledgerkit.writing.workbook import check_output, federation_name

    given = or_here(paths)
    books = [*given, *([register] if register else [])]
    check_output(output, books)
    check_data(data)
    earlier = earlier_packs(packs, output)
    asked = run_options(policy, codes, year, as_of, password_file, previous, register=register, unmask=unmask)
    written, say = None, tongue(lang)
    with _place(cache) as place:
        merged = merge(given, asked, Merging(place, register, jobs, strict, data, _progress(say)))
        report = merged.report if unmask else masked(merged.report)
        if not report.nothing_read:
            target = output or Path(federation_name(report))
            written = write(report, target, books, say)
            written = write_packs(report, packs, target, earlier, say) if packs else written
            if data:
                write_data(report, merged.ledgers(), data, merged.heads if unmask else None)
    remark(report.previous, say)
    show(report, say, form, quiet, written)
    return exit_code(report, threshold(fail_on), say)


@contextmanager
def _place(cache: Path | None) -> Iterator[Path]:
    """The folder where what is read is put by: the cache, or one that goes with the run."""
    from ledgerkit.writing.atomic import made, workshop

    if cache:
        made(cache, "--cache")
        yield cache
        return
    with workshop(Path(tempfile.gettempdir())) as folder:
        yield folder


def _progress(lang: Lang) -> Callable[..., Any]:
    """A bar on stderr where that is a terminal: how many, how fast, how long yet."""
    say = catalogue(lang).gettext

    def watched(items: Iterable[Any], count: int, doing: str) -> Iterable[Any]:
        if not sys.stderr.isatty():
            return items
        from tqdm import tqdm

        return tqdm(items, total=count, desc=say(doing), bar_format=say(BAR), leave=False, file=sys.stderr)

    return watched
