"""The only place that says why single sign-on lets somebody not in, to them and to the server's log."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """A reason: its code for the log, the status of its page, what happened and what to do."""

    code: str
    status: int
    happened: str
    to_do: str


_LOOK_AFTER = "whoever looks after accounts in your office"

UNREACHABLE = Refusal(
    "unreachable",
    503,
    "Your organisation’s directory did not answer, so it could not say who you are.",
    "Try again in a few minutes. If it still does not answer, tell whoever looks after computers "
    "in your office.",
)
DECLINED = Refusal(
    "declined",
    403,
    "Your organisation’s directory did not let you through to Casework.",
    f"If you did not cancel, ask {_LOOK_AFTER} whether your work account may use Casework.",
)
STRAY = Refusal(
    "stray",
    400,
    "This browser had not asked to sign in, or it was too long ago, or the answer was used before.",
    "Try once more. Cookies must be allowed for this site.",
)
UNTRUSTED = Refusal(
    "untrusted",
    502,
    "What your organisation’s directory answered could not be relied on.",
    "Tell whoever looks after computers in your office, who finds what was wrong by the reference "
    "below.",
)
NOT_ANEW = Refusal(
    "not_anew",
    403,
    "Your organisation’s directory did not say that it had just asked you who you are.",
    "Sign out there, then try again. If that does not help, tell whoever looks after computers in "
    "your office.",
)
NAMELESS = Refusal(
    "nameless",
    403,
    "Your organisation’s directory gave no name or no email address for you, so no account could "
    "be made here.",
    "Ask whoever looks after the directory to add what is missing to your work account.",
)
UNVERIFIED = Refusal(
    "unverified",
    403,
    "Your organisation’s directory did not say that your email address was verified, so no account "
    "could be made here.",
    "Ask whoever looks after the directory to verify the address of your work account, and to let "
    "Casework know that it is.",
)
NO_ACCOUNT = Refusal(
    "no_account",
    403,
    "Your work account has no account in this office.",
    f"If you work here, ask {_LOOK_AFTER} to add you.",
)
NO_ROLE = Refusal(
    "no_role",
    403,
    "Nothing in your organisation’s directory gives you a role in this office.",
    f"If you work here, ask {_LOOK_AFTER} which group you should be in.",
)
UNFIT_ROLES = Refusal(
    "unfit_roles",
    403,
    "Your organisation’s directory gives you roles that nobody may hold together.",
    f"Ask {_LOOK_AFTER} to take you out of one of your groups.",
)
DISABLED = Refusal(
    "disabled",
    403,
    "Your account in this office is disabled.",
    f"If you still work here, ask {_LOOK_AFTER} to enable it.",
)
TAKEN = Refusal(
    "taken",
    403,
    "There is an account with your email address in this office that is not joined to your work "
    "account.",
    f"Ask {_LOOK_AFTER} to join them.",
)


class SignOnRefused(Exception):
    """Nobody was signed in. `detail` is a code for the log; it names nobody and holds no secret."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"{refusal.code} {detail}".rstrip())
        self.refusal = refusal
