"""IDs, cards, accounts and phones as they may be shown: first 3 and last 4. One place, before any writer sees a finding or a waiver."""

from dataclasses import replace

from ledgerkit import ledgers
from ledgerkit.merge.spilled import kept
from ledgerkit.model.decision import Filed, Kept
from ledgerkit.model.finding import Finding
from ledgerkit.model.person import mask, mask_text
from ledgerkit.model.report import Report
from ledgerkit.model.schema import Field
from ledgerkit.model.waiver import Waiver
from ledgerkit.review.answers import Answered, Standing
from ledgerkit.review.standing import Review

# Rules whose `expected` says where, and is no number of a person.
WHERE = frozenset({"G012", "G018", "M002", "M009", "X006", "X019", "X020"})
# Columns of Flags that hold no number of a person, and may hold many digits.
SHOWN = frozenset({"id", "where"})


def masked(report: Report) -> Report:
    """The Report with every personal number of its findings and of its policy masked."""
    policy = report.policy
    text = "\n".join(mask_text(line) for line in policy.text.splitlines())
    shown = replace(policy, text=text, waivers=tuple(_waiver(waiver) for waiver in policy.waivers))
    return replace(report, policy=shown, findings=kept(map(_masked, report.findings)), gone=list(map(kept_masked, report.gone)))


def kept_masked(one: Kept) -> Kept:
    """A finding of an earlier summary, which may have been written unmasked. What an auditor wrote there stays as it is."""
    return replace(one, filed=_filed(one.filed))


def _filed(one: Filed) -> Filed:
    return replace(one, texts={key: text if key in SHOWN else mask_text(text) for key, text in one.texts.items()})


def answers_masked(answered: Answered) -> Answered:
    """What packs given back say, as it may be shown: they may have been written unmasked, and whoever explains something may quote a number."""
    return replace(answered, standings=[_standing(one) for one in answered.standings])


def _standing(one: Standing) -> Standing:
    answer, (said, explanation, who, day) = one.answer, map(mask_text, one.answer.texts)
    shown = replace(answer, finding=_filed(answer.finding), answer=said, explanation=explanation, answered_by=who, answered_on=day)
    return replace(one, answer=shown, now=_filed(one.now) if one.now else None)


def review_masked(review: Review) -> Review:
    """The review of a summary that may have been written unmasked. What an auditor wrote there stays as it is."""
    return replace(review, findings=[replace(one, known=kept_masked(one.known)) for one in review.findings])


def _waiver(waiver: Waiver) -> Waiver:
    return replace(
        waiver,
        key=tuple(map(mask_text, waiver.key)),
        reason=mask_text(waiver.reason),
        asked_by=mask_text(waiver.asked_by),
        approved_by=mask_text(waiver.approved_by),
    )


def _masked(finding: Finding) -> Finding:
    field = _field(finding)
    return replace(
        finding,
        observed=text_masked(finding.observed, field),
        expected=finding.expected if finding.rule in WHERE else text_masked(finding.expected, field),
        name=mask_text(finding.name),
        waiver=_waiver(finding.waiver) if finding.waiver else None,
        key=tuple(part if _is_code(finding, at) else mask_text(part) for at, part in enumerate(finding.key)),
    )


def _is_code(finding: Finding, at: int) -> bool:
    """Whether a part of a key is a number that names a row (voucher, member, month, a finding's id), which is shown; names and items are text."""
    ledger = ledgers.load(finding.ledger) if finding.ledger in ledgers.ORDER else None
    return finding.rule == "K001" or bool(
        ledger and at < len(ledger.key) and (ledger[ledger.key[at]].number_text or ledger[ledger.key[at]].type != "text")
    )


def _field(finding: Finding) -> Field | None:
    ledger = ledgers.load(finding.ledger) if finding.ledger in ledgers.ORDER else None
    return ledger[finding.column] if ledger and finding.column and finding.column in ledger else None


def text_masked(text: str | None, field: Field | None) -> str | None:
    """What stands in a cell of a field, masked where it is a personal number or holds one."""
    if not text or (field and field.number_text and not field.mask):
        return text
    if field and field.mask and "!" not in text and any(character.isdigit() for character in text) and len(text) > 5:
        return mask(text, phone=field.id_kind == "phone" and len(text) == 11)
    return mask_text(text)
