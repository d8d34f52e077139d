"""The characters of a text file: read exactly in one of the encodings that Excel and WPS write, or refused."""

import codecs

from ledgerkit.reading.raw import Refused

_MARKS = ((codecs.BOM_UTF8, "UTF-8"), (codecs.BOM_UTF16_LE, "UTF-16-LE"), (codecs.BOM_UTF16_BE, "UTF-16-BE"))
# From here on UTF-8 takes three bytes and more, as all Chinese does.
_LONG = "\u0800"


def decode(data: bytes) -> tuple[str, str]:
    """The text without its byte order mark, and the name of its encoding. Raises Refused (F003) where none fits to the last byte."""
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused("F003", case="encoding") from error
    if "\x00" in text:
        raise Refused("F003", case="encoding")
    return text.removeprefix("\ufeff"), encoding


def _encoding(data: bytes) -> str:
    """What the byte order mark says, else UTF-8 where it fits, else GB18030.

    Text that was Chinese in UTF-8 up to the byte where it ends to be UTF-8 is damaged: as GB18030 it would be read as other Chinese.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        chinese = any(character >= _LONG for character in data[: error.start].decode("utf-8"))
        return "UTF-8" if chinese else "GB18030"
    return "UTF-8"
