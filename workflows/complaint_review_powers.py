"""The only place for what may be recommended on each route, and by which paragraph of Schedule 3."""

from dataclasses import dataclass
from typing import Literal

Route = Literal["otherwise", "investigation"]


@dataclass(frozen=True)
class Power:
    """A recommendation or duty and the paragraph that gives it on each route, None where none does.

    `needs_upholding` is whether it is open only where the review is upheld.
    """

    code: str
    otherwise: str | None
    investigation: str | None
    needs_upholding: bool = True

    def paragraph(self, route: str) -> str | None:
        """The paragraph that gives the power on a route."""
        return self.otherwise if route == "otherwise" else self.investigation


POWERS = (
    Power("refer_to_iopc", "6A(6)(a)", "25(4E)(b)"),
    Power("investigate", "6A(6)(b)", None),
    Power("reinvestigate", None, "25(4E)(a)"),
    Power("case_to_answer", None, "25(4E)(c)"),
    Power("performance", None, "25(4E)(c)"),
    Power("apology", "6A(6)(c) and 28ZA", "25(4E)(d) and 28ZA"),
    Power("return_property", "6A(6)(c) and 28ZA", "25(4E)(d) and 28ZA"),
    Power("reflective_practice", "6A(6)(c) and 28ZA", "25(4E)(d) and 28ZA"),
    Power("other_remedy", "6A(6)(c) and 28ZA", "25(4E)(d) and 28ZA"),
    Power("notify_dpp", None, "25(4F) and (4G)(b)", needs_upholding=False),
)


def beyond(codes: set[str], route: str | None) -> set[str]:
    """Those of these recommendations that the route does not allow; none while it is unknown."""
    if route is None:
        return set()
    return {power.code for power in POWERS if power.code in codes and not power.paragraph(route)}
