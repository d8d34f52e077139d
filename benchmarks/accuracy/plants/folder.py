"""F: files that are no books."""

import shutil
from pathlib import Path

import openpyxl
from branch import Branch

from plants import Mark, plant

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def beside(branch: Branch, folder: Path, name: str) -> tuple[Path, Mark]:
    """A path beside the branch's books, and the mark of it."""
    file = f"{branch.code}/{name}"
    return folder / file, Mark(file=file)


@plant("F001", "just", "far", stage="folder", places=("any", "any"))
def no_workbook(branch: Branch, folder: Path, shape: str) -> Mark:
    path, mark = beside(branch, folder, "说明.xlsx")
    path.write_bytes("会员编号,姓名\n1,张三\n".encode() if shape == "just" else b"%PDF-1.4\n%....")
    return mark


@plant("F002", "far", stage="folder", places=("any",))
def encrypted(branch: Branch, folder: Path, shape: str) -> Mark:
    path, mark = beside(branch, folder, "加密.xlsx")
    sector = bytes(504)
    path.write_bytes(OLE + sector + "Root Entry\0EncryptionInfo\0EncryptedPackage\0".encode("utf-16-le") + bytes(2048))
    return mark


@plant("F003", "just", "far", stage="folder", places=("any", "any"))
def cut_short(branch: Branch, folder: Path, shape: str) -> Mark:
    path, mark = beside(branch, folder, "残缺.xlsx")
    whole = (folder / branch.code / f"{branch.code}.xlsx").read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3] if shape == "just" else b"")
    return mark


@plant("F007", "far", stage="folder", places=("any",))
def no_ledger(branch: Branch, folder: Path, shape: str) -> Mark:
    path, mark = beside(branch, folder, "通讯录.xlsx")
    book = openpyxl.Workbook()
    for row in (("部门", "房间", "分机"), ("办公室", "301", "8001"), ("财务科", "302", "8002")):
        book.worksheets[0].append(row)
    book.save(path)
    return mark


@plant("F008", "far", stage="folder", places=("any",), style={"files": "one"})
def sent_twice(branch: Branch, folder: Path, shape: str) -> Mark:
    path, _ = beside(branch, folder, f"{branch.code}（副本）.xlsx")
    shutil.copy(folder / branch.code / f"{branch.code}.xlsx", path)
    return Mark(file=f"{branch.code}/")


@plant("F011", "far", stage="folder", places=("any",), style={"files": "one", "wide": False})
def year_before(branch: Branch, folder: Path, shape: str) -> Mark:
    path, mark = beside(branch, folder, "2014.xlsx")
    book = openpyxl.Workbook()
    cover, sheet = book.worksheets[0], book.create_sheet("工会经费拨缴表")
    cover.title = "封面"
    for row in (("填报单位", branch.name), ("工会编码", branch.code), ("年度", "2014"), ("填报日期", "2014-12-31")):
        cover.append(row)
    sheet.append(("所属月份", "工资总额", "应拨缴", "基层留成", "上解", "缴费日期", "缴款方式", "凭证号"))
    sheet.append(("2014-05", 100_000, 2_000, 1_200, 800, "2014-06-12", "税务代收", "T-1405"))
    book.save(path)
    return mark
