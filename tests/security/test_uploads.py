"""Every form that takes a file, given one that means harm."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from random import Random

import pytest

from tests.casework.files.test_inside import HARMFUL
from tests.casework.files.test_looking import BOMBS
from tests.security.conftest import KEPT_OF_THE_REFUSED, Siege
from tests.security.harm import harm
from tests.security.sending import File, honest, send
from tests.security.walking import Form

pytestmark = pytest.mark.one_database
CALLED = (
    *("letter.pdf", "letter.pdf.exe", "../../letter.docx", "C:\\letter.odt", "letter.svg"),
    *("letter.html", "CON.pdf", "zq\u202efdp.exe", "letter.docm", "x" * 300 + ".pdf"),
)
LISTS = {"imports.index", "reconciliation.send"}
"""Forms that take tables, which wait sealed to be looked into: any words at all are a row."""
THIRD = 3
"""Each form is given one harmful file in so many, and each file to one form in as many."""
SECONDS, MEMORY = 2.0, 200_000
"""Of work for one form, in the server itself; and kilobytes that it may grow by."""


def takers(siege: Siege) -> list[Form]:
    found = {form.endpoint: form for form in reversed(siege.forms) if form.files}
    assert len(found) >= 7, found.keys()
    return list(found.values())


def bring(siege: Siege, form: Form, file: File, *, is_refused: bool) -> list[str]:
    """Send a form with this file, else well; what is wrong with the answer."""
    siege.restore()
    sent = honest(form, Random(33))
    sent.update({name: [file] for name in form.files})
    began, used = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = send(siege, form, sent)
    wrong = harm(form.action, answer)
    if time.process_time() - began > SECONDS:
        wrong.append("took long")
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used > MEMORY:
        wrong.append("took much")
    changed = siege.changed()
    if is_refused and (answer.status_code < 400 or changed - KEPT_OF_THE_REFUSED):
        wrong.append(f"took it: {answer.status_code}, {changed}")
    return wrong


def harmful(chance: Random, chosen: Iterable[tuple[bytes, str]]) -> Iterator[File]:
    for content, _ in chosen:
        yield File(content, chance.choice(CALLED))


def test_s32_s33_no_form_takes_a_file_that_means_harm(siege: Siege) -> None:
    """Polyglots, programs, pages, macros, whatever they are called."""
    for form in takers(siege):
        chance = Random(form.endpoint)
        for file in harmful(chance, chance.sample(HARMFUL, 2)):
            wrong = bring(siege, form, file, is_refused=form.endpoint not in LISTS)
            assert not wrong, (str(form), file, wrong)


def test_s34_no_form_is_held_up_by_a_bomb(siege: Siege) -> None:
    bomb = File(BOMBS["zip, just too tight"][0](), "letter.docx")
    for form in takers(siege)[::3]:
        is_refused = form.endpoint not in LISTS
        assert bring(siege, form, bomb, is_refused=is_refused) == [], str(form)


# Werkzeug leaves a file of a form that is refused while it is read to be closed with the last name of it.
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.thorough
def test_s32_s33_s34_no_form_takes_any_file_that_means_harm(
    siege: Siege, record_property: Callable[[str, object], None]
) -> None:
    """Each bomb by every form, and every other file by two or more."""
    chance, forms, number = Random(33), takers(siege), 0
    bombs = [File(make(), "letter.docx") for make, _ in BOMBS.values()]
    for place, form in enumerate(forms):
        for file in (*[*harmful(chance, HARMFUL)][place % THIRD :: THIRD], *bombs):
            wrong = bring(siege, form, file, is_refused=form.endpoint not in LISTS)
            assert not wrong, (str(form), file.name, file.content[:80], wrong)
            number += 1
    record_property("forms", len(forms))
    record_property("files", len(HARMFUL) + len(bombs))
    record_property("sent", number)
    gc.collect()
