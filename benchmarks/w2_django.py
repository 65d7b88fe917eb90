"""W2's peers: Django over a row for each case, counting by annotation, and in a loop."""

from typing import Any

from django.db import connections, models
from django.db.models import Count, Q
from django.db.models.functions import TruncQuarter

from benchmarks import on_django
from benchmarks.databases import Kind
from workflows.calendar import FinancialYear

MADE = """
CREATE TABLE kept_case AS
SELECT r.case_token AS token, r.from_on AS received_on, v.from_on AS validated_on,
       c.from_on AS closed_on, c.code AS outcome
FROM milestone r
LEFT JOIN milestone v ON v.case_token = r.case_token AND v.kind = 'validity'
  AND v.until_seq IS NULL AND v.to_on IS NULL
LEFT JOIN milestone c ON c.case_token = r.case_token AND c.kind = 'closure'
  AND c.until_seq IS NULL AND c.to_on IS NULL
WHERE r.kind = 'received' AND r.until_seq IS NULL
"""
"""Cases as they stand now, as an office keeps them that looks back on nothing."""
INDEXED = ("token", "received_on", "validated_on", "closed_on")
OUTCOMES = ("invalid", "forwarded", "withdrawn", "upheld", "not_upheld")


class Case(models.Model):
    """A case with its days."""

    token = models.CharField(max_length=34, primary_key=True)
    received_on = models.DateField()
    validated_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=40, null=True)

    class Meta:
        app_label, db_table, managed = "peers", "kept_case", False


def peers(kind: Kind, url: str, year: FinancialYear) -> list[Any]:
    """The peers, over the cases of this database."""
    settings = on_django.settings_of(kind, url)
    on_django.connect(settings)
    with connections[on_django.ALIAS].cursor() as cursor:
        cursor.execute(MADE)
        for column in INDEXED:
            cursor.execute(f"CREATE INDEX ix_kept_case_{column} ON kept_case ({column})")
        cursor.execute("ANALYZE kept_case")
    return [Annotated(year), Looped(year)]


class _OverCases:
    name: str

    def __init__(self, year: FinancialYear) -> None:
        self.days = (year.first_on, year.last_on)
        self.year = year

    def ready(self, numbers: range) -> None:
        """Nothing is to be prepared."""

    def act(self, number: int) -> None:
        """Count the year."""
        raise NotImplementedError

    def close(self) -> None:
        on_django.disconnect()


class Annotated(_OverCases):
    """Three statements that group by quarter: of those received, found valid, and closed."""

    name = "Django annotate"

    def act(self, number: int) -> None:
        ended = {name: Count("token", filter=Q(outcome=name)) for name in OUTCOMES}
        found = Count("token", filter=Q(validated_on__isnull=False))
        for day, counted in (
            ("received_on", {**ended, "received": Count("token"), "valid": found}),
            ("validated_on", {"found_valid": Count("token")}),
            ("closed_on", ended),
        ):
            within = Case.objects.filter(**{f"{day}__range": self.days})
            by_quarter = within.annotate(quarter=TruncQuarter(day)).values("quarter")
            assert len(by_quarter.annotate(**counted)) == 4
        before = Q(received_on__lt=self.days[0])
        is_open = Q(closed_on__isnull=True) | Q(closed_on__gte=self.days[0])
        Case.objects.filter(before & is_open).count()


class Looped(_OverCases):
    """A loop over every case as an object, counting those of each quarter."""

    name = "Django loop"

    def act(self, number: int) -> None:
        counts: dict[tuple[str, str], int] = {}
        for case in Case.objects.all().iterator():
            for quarter in self.year.quarters:
                if quarter.first_on <= case.received_on <= quarter.last_on:
                    figures = [f"cohort {case.outcome}", *(["valid"] if case.validated_on else [])]
                    for figure in figures:
                        counts[quarter.label, figure] = counts.get((quarter.label, figure), 0) + 1
                if case.closed_on and quarter.first_on <= case.closed_on <= quarter.last_on:
                    place = (quarter.label, f"activity {case.outcome}")
                    counts[place] = counts.get(place, 0) + 1
        assert counts
