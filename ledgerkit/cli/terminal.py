"""The one way to print: what stood in a cell, a file name or an error can move no cursor, colour nothing and turn no text round."""

import sys

import click

from ledgerkit.model.plain import plain


def tell(sentence: str) -> None:
    """One line on stderr."""
    click.echo(plain(sentence), err=True)


def put(text: str) -> None:
    """Lines on stdout, as they stand but for what a terminal would obey."""
    click.echo("\n".join(map(plain, text.split("\n"))), nl=not text.endswith("\n"))


def put_data(text: str) -> None:
    """A report for a program, in UTF-8 whatever the terminal's encoding."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
