"""The only place for the words that an export of the log brings with it."""

_WHAT = """\
An export of the audit log of Casework
======================================

The first {size:,} entries of the log, and what follows from them, so that
anybody can check that nothing was changed, left out or put in since.

{words}

To check it, with Python 3.9 or later and nothing else:

    python3 -I verify_casework.py . --checkpoint FILE

FILE is a checkpoint that you kept from this office, or that somebody else
did: only what stands outside the office shows that the log was not written
anew as a whole. Without one, leave it out. With --key, give the office's
key or its fingerprint, as it is printed on paper. The program reads, writes nothing and needs
no network. If you do not trust the copy in this folder, take it from
anybody who published it, or write your own: docs/export-format.md of
Casework says what each file holds and what has to hold of it.

  events.jsonl            every entry, with its exact bytes
  nodes.jsonl             the hashes of the tree over them
  words.jsonl             {which}
  cases.jsonl, items.jsonl, milestones.jsonl, settings.jsonl,
  letter_templates.jsonl, people.jsonl, publications.jsonl, erasures.jsonl
                          the tables that follow from the entries
  reports.jsonl           the figures of every published report
  checkpoints.jsonl       signed roots of the log
  export.json             what this folder has to hold
"""
_WITHOUT = """\
There are no names, addresses or other words of cases in it: codes, days,
random tokens and hashes only. Who knows a case can still recognise it by
its days, so keep this folder as you would any list of cases."""
_WITH = """\
IT HOLDS PERSONAL DATA: the words of every case, with names and addresses.
It is for an auditor inside the office. Keep it encrypted, hand it to
nobody else, and delete it when the audit is over."""


def readme(size: int, *, has_words: bool) -> str:
    """What an export of so many entries is, and how it is checked."""
    return _WHAT.format(
        size=size,
        words=_WITH if has_words else _WITHOUT,
        which="the words beside them" if has_words else "beside which of them words are kept",
    )
