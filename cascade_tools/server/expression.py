"""An expression of interest: what of *Is this for me?* goes to the programme, and what stays."""

from collections.abc import Iterator, Mapping
from typing import Any

from cascade_tools.model import eligibility
from cascade_tools.model.eligibility import Rule, Terms
from cascade_tools.model.prompts import Answer, Prompt, Who, in_words
from cascade_tools.model.workbook import Page, Workbook
from cascade_tools.settings import Settings

# The page with this question is asked last, by itself.  It goes along only if the answer is yes.
CONSENT = "fairness-consent"

Part = tuple[Page, list[tuple[Prompt, str]]]


def is_last(page: Page) -> bool:
    """Whether a page is asked after "Check your answers"."""
    return any(p.key == CONSENT for p in page.prompts)


def last_pages(workbook: Workbook) -> tuple[Page, ...]:
    return tuple(p for p in workbook.pages if is_last(p))


def rows(pages: list[Page], answers: Mapping[str, Answer], *, going: bool) -> Iterator[Part]:
    """Each page with its questions and answers: those that go to the programme, or the others."""
    for page in pages:
        these = [p for p in page.prompts if p.keep and (p.who is Who.SUBMITTED) is going]
        if these:
            yield page, [(p, in_words(p, answers.get(p.key))) for p in these]


def terms_of(settings: Settings) -> Terms:
    return Terms(
        settings.fee_gbp,
        settings.income_limit_gbp,
        settings.bursary_turnover_gbp,
        bursary_all=settings.bursary_rule == "all",
    )


def body_of(workbook: Workbook, answers: Mapping[str, Answer], terms: Terms) -> dict[str, Any]:
    """What goes to the programme: what a person addressed to it, and nothing of their own."""
    sent = {p.key: p for p in workbook.prompts if p.who is Who.SUBMITTED and p.keep}
    answers = {key: value for key, value in answers.items() if key in sent}
    pages = [p for p in workbook.open_pages(answers) if any(q.key in answers for q in p.prompts)]
    agreed = answers.get(CONSENT) == "yes"
    return {
        "title": workbook.title,
        "pages": [_page(p, answers) for p in pages if not is_last(p)],
        "joining": [_rule(rule) for rule in eligibility.joining(answers, terms)],
        "bursary": [_rule(rule) for rule in eligibility.bursary(answers, terms)],
        "last": [_page(p, answers) for p in pages if is_last(p) and agreed],
    }


def _page(page: Page, answers: Mapping[str, Answer]) -> dict[str, Any]:
    return {
        "title": page.title,
        "answers": [
            {
                "key": p.key,
                "question": p.question,
                "value": answers[p.key],
                "words": in_words(p, answers[p.key]),
            }
            for p in page.prompts
            if p.key in answers
        ],
    }


def _rule(rule: Rule) -> dict[str, str]:
    return {"name": rule.name, "standing": str(rule.standing), "sentence": rule.sentence}
