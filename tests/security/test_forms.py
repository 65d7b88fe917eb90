"""Every form of the office, filled in by somebody who means harm."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casework.audit.verify import verify_log
from tests.security.conftest import KEPT_OF_THE_REFUSED, Siege
from tests.security.harm import harm
from tests.security.payloads import EVERY_MARKUP, MARK, TEXTS
from tests.security.sending import Sent, send, spoilt
from tests.security.walking import Form

pytestmark = pytest.mark.one_database


Told = tuple[str, Sent, list[str]]
"""A form, what was sent with it, and what was wrong then."""


def attack(siege: Siege, form: Form, chance: Random, typed: tuple[str, ...]) -> tuple[int, Told]:
    """Send a spoilt form to the office as it was; the status, and what was wrong with the answer."""
    siege.restore()
    state = siege.office.state()
    sent = spoilt(form, chance, typed)
    answer = send(siege, form, sent)
    wrong = harm(form.action, answer)
    if siege.office.state() != state:
        changed = siege.changed()
        if answer.status_code >= 400 and changed - KEPT_OF_THE_REFUSED:
            wrong.append(f"refused, and wrote {changed}")
        if changed and chance.random() < siege.verified:
            wrong += [each.sentence for each in verify_log(siege.office.db) if not each.holds]
    return answer.status_code, (str(form), sent, wrong)


def test_s24_s25_s26_s39_whatever_is_sent_by_any_form_is_kept_as_words_or_refused_whole(
    siege: Siege, caplog: pytest.LogCaptureFixture
) -> None:
    """No fault, nothing half kept, no markup, no template obeyed, nobody sent elsewhere."""
    caplog.set_level(logging.INFO)
    typed = (*TEXTS, EVERY_MARKUP)
    found = [attack(siege, form, Random(str(form.kind)), typed) for form in siege.some]
    wrong = [each for _, each in found if each[2]]
    assert wrong == []
    told = Counter(status for status, _ in found)
    assert told[302] and told[422]
    assert [record for record in caplog.records if MARK in record.getMessage()] == []


@pytest.mark.thorough
def test_s24_s25_s26_s39_whatever_anybody_sends_at_length(
    siege: Siege, record_property: Callable[[str, object], None]
) -> None:
    told: Counter[int] = Counter()

    @settings(
        max_examples=settings().max_examples // 4,  # each is every form
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),  # a smaller seed is no simpler attack
    )
    @given(seed=st.integers(0, 2**32), typed=st.lists(st.text(max_size=40), max_size=8))
    def send_all(seed: int, typed: list[str]) -> None:
        chance = Random(seed)
        for form in siege.forms:
            status, found = attack(siege, form, chance, (*TEXTS, EVERY_MARKUP, *typed))
            assert not found[2], found
            told[status] += 1

    send_all()
    record_property("forms", len(siege.forms))
    record_property("sent", told.total())
    record_property("answers", dict(told))
