"""Workbooks with a password to open them: opened with the passwords of a run, in their order, or refused."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ledgerkit.errors import BadInput, Phrase
from ledgerkit.locale import N_
from ledgerkit.reading.encoding import decode
from ledgerkit.reading.raw import Refused

# What Excel itself tries before it asks: workbooks whose structure is protected are encrypted with it.
EXCELS_OWN = "VelvetSweatshop"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHERS = {"doc97": "Word", "ppt97": "PowerPoint"}


def read_passwords(path: Path | None) -> tuple[str, ...]:
    """The lines of a password file as they stand, blank ones left out; none without a file.

    Raises BadInput, which shows neither the file's text nor its name: the name may be the password, given by mistake.
    """
    if path is None:
        return ()
    try:
        lines = decode(path.read_bytes())[0].splitlines()
    except OSError as error:
        raise _unreadable(error.strerror or type(error).__name__) from error
    except Refused as error:
        raise _unreadable(Phrase(N_("its characters are none of UTF-8, UTF-16 and GB18030"))) from error
    passwords = tuple(line for line in lines if line.strip())
    if not passwords:
        raise BadInput(N_("There is no password in the password file. Write one password a line."))
    return passwords


def _unreadable(why: object) -> BadInput:
    return BadInput(N_("The password file cannot be read ({why}). Give a text file with one password a line."), why=why)


def unlocked(data: bytes, passwords: Sequence[str]) -> bytes:
    """The bytes of an OLE2 file without its password; as they are where it has none, or is not known to be a workbook.

    Raises Refused: F002 where no password opens it, F001 where it is a document of Word or PowerPoint.
    """
    import msoffcrypto

    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        locked = file.is_encrypted()
    except Exception as error:  # an older format, another encryption, or damage
        if ENCRYPTED in data:
            raise _locked(passwords) from error
        return data
    if file.format in _OTHERS:
        raise Refused("F001", _OTHERS[file.format])
    if not locked:
        return data
    if file.format != "ooxml":
        _refuse_circles(file.ole)
    for password in (EXCELS_OWN, *passwords):
        if (opened := _opened(file, password)) is not None:
            return opened
    raise _locked(passwords)


def _refuse_circles(container: Any) -> None:
    """Raises Refused (F003) where a table of sectors leads round in a circle, which olefile, as it decrypts, would follow for ever."""
    container.loadminifat()
    if any(map(_circular, (container.fat, container.minifat))):
        raise Refused("F003")


def _circular(sectors: Sequence[int]) -> bool:
    """Whether some chain in a table (a sector's number → the next one's) comes back to where it was; a number beyond the table ends one."""
    walked = [-1] * len(sectors)
    for start in range(len(sectors)):
        at = start
        while at < len(sectors) and walked[at] < 0:
            walked[at] = start
            at = sectors[at]
        if at < len(sectors) and walked[at] == start:
            return True
    return False


def _locked(passwords: Sequence[str]) -> Refused:
    return Refused("F002", case="none_fits" if passwords else "")


def _opened(file: Any, password: str) -> bytes | None:
    """The bytes without the password; None where it does not fit, or is one that this kind of encryption cannot have."""
    try:
        file.load_key(password=password, **({"verify_password": True} if file.format == "ooxml" else {}))
    except Exception:
        return None
    out = io.BytesIO()
    file.decrypt(out)
    return out.getvalue()
