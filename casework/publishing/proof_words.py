"""The only place for what a proof pack tells its reader in plain English."""

from collections.abc import Collection, Iterator

from casework.audit.check_codes import check_code
from casework.publishing.kinds import title_of
from casework.publishing.proof import Proof
from workflows.calendar import in_words

_WHAT = """\
PROOF PACK OF REPORT {cited_as}

{title}, published on {published_on}.

With this pack anybody can check, without asking the office and without its software, that

  - the figures in report.json are those that were published;
  - their publication is an entry of the office's audit log, which was signed afterwards;
  - the log from which they were counted is how the signed log begins{earlier}{countersigned}.

It does not show that decisions were right, or that every application was logged.


HOW TO CHECK IT

1. Unpack this pack into a folder of its own. You need Python 3.9 or newer (python.org) and no
   network. Open a terminal in the folder and enter:

       python3 -I verify_casework.py . --key FINGERPRINT

   In the place of FINGERPRINT enter that of the office's key, 16 digits, as the office printed
   it, as it stands on its website, or as you noted it before: not as it stands below, as a
   pack cannot vouch for its own key. The program says of each thing whether it holds, and
   ends with exit code 0 when all does. Without --key it says by which key the pack is signed,
   and ends with 3: whoever makes up a whole pack signs it too, with a key of their own.

   If you would rather not run a program that came with what it checks, take
   verify_casework.py from somebody you trust, or write one: the format is documented beside
   Casework (docs/export-format.md).

2. Compare these with the foot of any page of the printed report:

       check code          {check_code}
       log size            {log_size:,}
       root                {log_root}

3. What you compare with the paper in step 1:

{keys}

4. Compare checkpoint.txt, the signed head of the log over {size:,} entries, with a copy that
   somebody else keeps: the panel, an auditor, you in an e-mail. One over as many entries
   must have the same root; the program compares it, if you give it after --checkpoint. One
   over more or fewer entries cannot be compared with this pack alone, and the program says
   so: take the pack of the report before or after, or ask the office for an export of the log.


WHAT IS IN IT

{contents}
"""
_EARLIER = """;
  - the log that was signed for the report before it is how this one begins, so that nothing
    in it was altered between the two"""
_COUNTERSIGNED = """;
  - the Chief Executive had the figures counted again from the log and countersigned them"""
_CONTENTS = {
    "report.json": "the figures, as they were published",
    "event.json": "the entry of the log by which the report was published",
    "checkpoint.txt": "the signed head of the log that covers it",
    "earlier-checkpoint.txt": "the signed head that covers the report before it",
    "countersigned.json": "the entry by which it was countersigned",
    "countersigned-checkpoint.txt": "the signed head that covers that entry",
    "proof.json": "the hashes that lead from each to the next (RFC 6962)",
    "keys.json": "the keys that signed, and for which part of the log",
    "verify_casework.py": "the program that checks all this",
}


def readme(proof: Proof, names: Collection[str]) -> str:
    """The README of a pack in which these files are: lines of at most 96 characters but for keys."""
    published = proof.published
    basis = published.basis
    return _WHAT.format(
        cited_as=published.cited_as,
        title=title_of(basis.kind, basis.period.from_on, basis.period.to_on),
        published_on=in_words(published.published_on),
        earlier=_EARLIER if proof.earlier else "",
        countersigned=_COUNTERSIGNED if proof.countersigned else "",
        check_code=check_code(published.digest),
        log_size=published.log_size,
        log_root=published.log_root,
        keys="\n".join(_keys(proof)),
        size=proof.event.checkpoint.size,
        contents="\n".join(f"  {name:<30}{_CONTENTS[name]}" for name in names),
    )


def _keys(proof: Proof) -> Iterator[str]:
    for change in proof.keys:
        yield f"       fingerprint         {change.key.fingerprint}"
        yield f"       key                 {change.key.encoded}"
