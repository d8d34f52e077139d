"""Sentences and labels of a run in a language: the one place where facts become words."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from ledgerkit import ledgers
from ledgerkit.locale import LANGS, N_, Lang, catalogue, rule_texts
from ledgerkit.model import money
from ledgerkit.model.decision import Decision, Kept
from ledgerkit.model.finding import Finding, Severity
from ledgerkit.model.person import may_be_same
from ledgerkit.model.report import Report
from ledgerkit.model.schema import words
from ledgerkit.model.summary import DECIDED, DECISIONS, FLAGS, SEVERITIES, STATES
from ledgerkit.model.waiver import Waiver
from ledgerkit.policies import FOLDER
from ledgerkit.rules.base import Because, Rule
from ledgerkit.rules.floods import Flood
from ledgerkit.rules.packs import catalogue as rules
from ledgerkit.rules.reads import policy_keys
from ledgerkit.rules.run import Status

COMMA: Mapping[Lang, str] = {"en": ", ", "zh": "，"}
SEMICOLON: Mapping[Lang, str] = {"en": "; ", "zh": "；"}
NOTHING = N_("(none)")
FLOODED = N_("{rule} ({title}) fires on {count} of the {rows} rows of {ledger}, more than {share} (policy: floods.share).")
LOOK_AT = N_("Before you look at the rows, check whether these settings of the policy fit your unit: {settings}.")
ONE_CAUSE = N_(
    "Before you look at the rows, look for one cause, such as a column filled in wrongly; rules.severity.{rule} and rules.ignore say what becomes of the rule."
)
# What a file that is no workbook is.
KINDS = {
    "text (CSV)": N_("a text file (CSV)"),
    "HTML": N_("a web page (HTML)"),
    "MHTML": N_("a web page (MHTML)"),
    "SpreadsheetML": N_("a sheet in XML (SpreadsheetML 2003)"),
    "XML": N_("a file in XML"),
    "PDF": N_("a PDF"),
    "Word": N_("a document (Word)"),
    "PowerPoint": N_("slides (PowerPoint)"),
    "document": N_("a document"),
    "image": N_("a picture"),
    "archive": N_("an archive"),
    "data": N_("a file of another program"),
    "device": N_("a pipe or device"),
    "link": N_("a link to another place"),
}
# Of .xls, .xlsb and .ods.
UNSEEN = N_("hidden parts, error cells and uncalculated formulas not checked in this format")
OF_COLUMN = N_(
    "The same is wrong with {count} cells of this column, told once: look for one cause, such as columns that were shifted, a paste that took the drop-down list away, or the format of the column."
)
# What a sheet does not show as it is read.
DISPLAY = {
    "filter": N_("filter left on"),
    "merged": N_("merged cells"),
    "formula": N_("formulas"),
    "hidden_rows": N_("hidden rows"),
    "hidden_columns": N_("hidden columns"),
    "hidden_sheet": N_("hidden sheet"),
    "very_hidden_sheet": N_("hidden sheet that the menu does not list"),
}
CAME_BACK = N_("Found again after: {decision}")
FOUND_AGAIN = N_("Found again")
CHANGED = N_("Changed since the decision of {day}: ")
WAS = N_("{what} was {value}")
WAIVED = N_("Waived until {until}: {reason} (asked for by {asked_by}, approved by {approved_by})")
YES_NO: Mapping[Lang, Mapping[str, str]] = {"zh": {"yes": "是", "no": "否"}, "en": {"yes": "Yes", "no": "No"}}


def severity(value: Severity, lang: Lang) -> str:
    """数据错误 / 重大 / 较重 / 一般 / 提示, or the English words."""
    return catalogue(lang).gettext(SEVERITIES[str(value)])


def state(value: str, lang: Lang) -> str:
    """新增 / 持续 / 重现 / 豁免, or the English words."""
    return catalogue(lang).gettext(STATES[value])


def decision(key: str, lang: Lang) -> str:
    """待核 / 属实 / 已说明 / 已整改 / 误报, or the English words; what is none of these as it was typed, "" where nothing was."""
    return catalogue(lang).gettext(DECISIONS[key]) if key in DECISIONS else key


def decided(one: Kept, lang: Lang, state: str = "") -> dict[str, str]:
    """The auditor's four columns as they are carried over; one that came back is to be decided anew, decisions that differ are in the note."""
    if state == "reopened":
        return {}
    carried = one.decision
    note = "; ".join(spoken(each, lang) for each in one.split) if one.split else carried.note
    return dict(zip(DECIDED, (decision(carried.decision, lang), carried.reviewer, carried.reviewed_on, note), strict=True))


def spoken(one: Decision, lang: Lang) -> str:
    """A decision in one line: accepted (Li, 2016-03-01): note."""
    by = ", ".join(part for part in (one.reviewer, one.reviewed_on) if part)
    said = decision(one.decision, lang) + (f" ({by})" if by else "")
    return f"{said}: {one.note}" if one.note else said


def since(finding: Finding, before: Kept, lang: Lang) -> str:
    """What has changed since a decision was made, and what was decided of a finding that came back; "" where nothing has.

    What an earlier summary said stays until it is decided anew, with another day.
    """
    say = catalogue(lang).gettext
    if finding.state == "reopened":
        was = spoken(before.decision, lang) if not before.decision.is_blank else ""
        return say(CAME_BACK if was else FOUND_AGAIN).format(decision=was)
    then = before.filed.texts.get("since", "")
    if not before.decision.is_made:
        return then
    said = [_was(label, then, say) for label, then, now in _facts(finding, before, lang) if not may_be_same(then, now)]
    kept = [then] if then and not said and before.decision.reviewed_on in then else []
    day = before.decision.reviewed_on
    return "; ".join([*kept, *([say(CHANGED).format(day=day) + ", ".join(said)] if said else [])])


def _facts(finding: Finding, before: Kept, lang: Lang) -> Iterator[tuple[str, str, str]]:
    """Label, text then and text now of what a decision rests on; what was observed is compared in the language of then."""
    amount = before.filed.amount
    yield FLAGS["amount"], "" if amount is None else money.show(amount), "" if finding.amount is None else money.show(finding.amount)
    then = before.filed.texts.get("observed", "")
    told = [shown(finding, finding.observed, each) for each in (lang, *LANGS)]
    yield FLAGS["observed"], then, then if then in told else told[0]


def _was(label: str, then: str, say: Callable[[str], str]) -> str:
    return say(WAS).format(what=say(label), value=then or say(NOTHING))


def ledger_title(name: str | None, lang: Lang) -> str:
    """A ledger's name for people; what is no ledger as it is."""
    return ledgers.load(name).title[lang] if name in ledgers.ORDER else name or ""


def column_label(ledger: str | None, column: str | None, lang: Lang) -> str:
    """A column's label, or the key in words where the ledger has no such column."""
    if not column:
        return ""
    known = ledger in ledgers.ORDER and column in ledgers.load(str(ledger))
    return ledgers.load(str(ledger))[column].label(lang) if known else words(column)


def choice_label(ledger: str, column: str, key: str, lang: Lang) -> str:
    """A choice's label; a key that is not in the list as it is."""
    return _choice_labels(ledger, column, lang).get(key, key)


@cache
def _choice_labels(ledger: str, column: str, lang: Lang) -> Mapping[str, str]:
    return {choice.key: choice.label(lang) for choice in ledgers.load(ledger)[column].choices}


def title(rule: Rule, lang: Lang) -> str:
    """A rule's title."""
    return str(rule_texts(lang).get(rule.code, {}).get("title", rule.title))


def rule_title(code: str, lang: Lang, otherwise: str = "") -> str:
    """A rule's title by its code; of a rule that is not there any more another text."""
    return title(rules()[code], lang) if code in rules() else otherwise


def message(finding: Finding, lang: Lang) -> str:
    """What is wrong and what to do, in one or two sentences."""
    rule = rules()[finding.rule]
    messages = rule_texts(lang).get(finding.rule, {}).get("message", rule.message)
    template = messages if isinstance(messages, str) else messages.get(finding.case, next(iter(messages.values())))
    said = str(template).format(
        observed=shown(finding, finding.observed, lang) or catalogue(lang).gettext(NOTHING),
        expected=shown(finding, finding.expected, lang) or catalogue(lang).gettext(NOTHING),
        amount="" if finding.amount is None else money.show(finding.amount),
        column=column_label(finding.ledger, finding.column, lang),
        count=finding.count or 0,
    )
    return _of_column(said, finding, lang) if finding.is_column else said


def _of_column(said: str, finding: Finding, lang: Lang) -> str:
    """What is said of a cell, and that the column's other cells share it."""
    return said + ("" if lang == "zh" else " ") + catalogue(lang).gettext(OF_COLUMN).format(count=finding.count)


def waiver(by: Waiver, lang: Lang) -> str:
    """Until when a finding is waived, why, and who is behind it."""
    sentence = catalogue(lang).gettext(WAIVED)
    return sentence.format(until=by.until.isoformat(), reason=by.reason, asked_by=by.asked_by, approved_by=by.approved_by)


def shown(finding: Finding, text: str | None, lang: Lang) -> str:
    """A fact as people read it: the labels of choices and ledgers instead of their keys; "" where there is none."""
    if not text:
        return ""
    if finding.rule == "G025":
        return ledger_title(text, lang)
    if finding.rule == "K001":
        return decision(text, lang)
    if finding.rule == "F001":
        return catalogue(lang).gettext(KINDS.get(text, text))
    if finding.rule in ("G012", "G018"):
        return catalogue(lang).gettext(DISPLAY[text]) if text in DISPLAY else text
    ledger = ledgers.load(finding.ledger) if finding.ledger in ledgers.ORDER else None
    field = ledger[finding.column] if ledger and finding.column and finding.column in ledger else None
    if field and (field.choices or field.type == "yesno"):
        labels = {choice.key: choice.label(lang) for choice in field.choices} or YES_NO[lang]
        return (", " if lang == "en" else "、").join(labels.get(part, part) for part in text.split("|"))
    return text.replace("<= ", "≤ ").replace(">= ", "≥ ").replace("..", " – ")


@cache
def sources() -> Mapping[str, Mapping[str, Any]]:
    """The legal bases by key: zh, en, mark, since."""
    return tomllib.loads((FOLDER / "sources.toml").read_text("utf-8"))


def is_younger(key: str, year: int | None) -> bool:
    """Whether a basis was issued after the books' year."""
    since = str(sources()[key].get("since", ""))
    return bool(since and year and int(since[:4]) > year)


def basis(key: str, year: int | None, lang: Lang) -> str:
    """A legal basis by its key; one that is younger than the books says so."""
    source = sources()[key]
    text, since = str(source[lang]), str(source.get("since", ""))
    if is_younger(key, year):
        note = catalogue(lang).gettext(N_("in force since {since}: for comparison only")).format(since=since)
        return f"{text}（{note}）" if lang == "zh" else f"{text} ({note})"
    return text


def floods(report: Report, lang: Lang) -> list[str]:
    """A sentence for each rule that fires on so many of a ledger's rows that its settings or one cause deserve a look first."""
    return [flood(one, report, lang) for one in report.floods]


def flood(one: Flood, report: Report, lang: Lang) -> str:
    """Which rule floods which ledger, and where to look first."""
    say = catalogue(lang).gettext
    rule = rules()[one.rule]
    share = f"{float(report.policy.flood_share * 100):g}%"
    ledger = ledger_title(one.ledger, lang)
    said = say(FLOODED).format(rule=rule.code, title=title(rule, lang), count=one.rows, rows=one.of, ledger=ledger, share=share)
    keys = (", " if lang == "en" else "、").join(policy_keys(rule))
    return said + ("" if lang == "zh" else " ") + (say(LOOK_AT).format(settings=keys) if keys else say(ONE_CAUSE).format(rule=rule.code))


def place(finding: Finding) -> str:
    """Where a finding stands, to search for: file > sheet!cell."""
    parts = [part for part in (finding.file, finding.sheet) if part]
    address = finding.cell or (str(finding.row) if finding.row else "")
    return " > ".join(parts) + (f"!{address}" if address else "")


def because(status: Status, lang: Lang) -> str:
    """Why a rule was not run, or not everywhere."""
    return reasons(status.because, lang)


def reasons(listed: Sequence[Because], lang: Lang) -> str:
    """Several reasons in one line."""
    return SEMICOLON[lang].join(_because(reason, lang) for reason in listed)


def _because(reason: Because, lang: Lang) -> str:
    values = dict(reason.values)
    shown = {
        name: ledger_title(text, lang) if name == "ledger" else column_label(values.get("ledger"), text, lang) if name == "column" else text
        for name, text in values.items()
    }
    return catalogue(lang).gettext(reason.sentence).format(**shown)


def explanation(rule: Rule, lang: Lang) -> dict[str, str]:
    """why, remedy and false_alarms of a rule, each a paragraph."""
    texts = rule_texts(lang).get(rule.code)
    if texts:
        return {part: "".join(str(texts[part]).split("\n")) for part in ("why", "remedy", "false_alarms")}
    why, _, rest = " ".join(rule.prose.split()).partition("What to do:")
    remedy, _, alarms = rest.partition("False alarm:")
    return {"why": why.strip(), "remedy": _capital(remedy), "false_alarms": _capital(alarms)}


def _capital(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:]
