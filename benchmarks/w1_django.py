"""W1's peers on Django: viewflow.fsm and django-fsm-2, each with a table of what happened."""

from datetime import UTC, date, datetime
from typing import Any

from django.db import connections, models, transaction

from benchmarks import on_django
from benchmarks.databases import Kind
from benchmarks.on_django import ALIAS
from benchmarks.w1_sqlalchemy import FOUND_ON, PROVIDED_ON, REASONS, RECEIVED_ON, is_in_time

# Models need Django to be set up, which `on_django` does when it is imported.
from django_fsm import FSMField, transition  # isort: skip
from viewflow import fsm  # isort: skip


class Review(models.Model):
    """What both peers keep of a case."""

    state = models.CharField(max_length=20, default="received")
    provided_on = models.DateField(default=PROVIDED_ON)
    received_on = models.DateField(default=RECEIVED_ON)
    validated_on = models.DateField(null=True)

    class Meta:
        app_label, db_table = "peers", "django_review"


class FsmReview(models.Model):
    """The same with the field of django-fsm-2."""

    state = FSMField(default="received", protected=True)
    provided_on = models.DateField(default=PROVIDED_ON)
    received_on = models.DateField(default=RECEIVED_ON)
    validated_on = models.DateField(null=True)

    class Meta:
        app_label, db_table = "peers", "fsm_review"

    @transition(
        field=state,
        source="received",
        target="valid",
        conditions=[lambda review: is_in_time(review.provided_on, review.received_on)],
    )
    def find_valid(self, on: date) -> None:
        """Find the application valid."""
        self.validated_on = on


class Happened(models.Model):
    """One transition."""

    review_id = models.IntegerField(db_index=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    reasons = models.TextField()

    class Meta:
        app_label, db_table = "peers", "django_happened"


class Flow:
    """viewflow's flow around a row: the state is its field, guards its conditions."""

    state = fsm.State(("received", "valid", "invalid"), default="received")

    def __init__(self, review: Review) -> None:
        self.review = review

    @state.setter()
    def _set_state(self, value: str) -> None:
        self.review.state = value

    @state.getter()
    def _get_state(self) -> str:
        return str(self.review.state)

    @state.transition(
        source="received",
        target="valid",
        conditions=[lambda flow: is_in_time(flow.review.provided_on, flow.review.received_on)],
    )
    def find_valid(self, on: date) -> None:
        """Find the application valid."""
        self.review.validated_on = on


class _OnDjango:
    """The database of a Django peer, and its rows."""

    model: Any

    def __init__(self, kind: Kind, url: str, cases: int) -> None:
        self.settings = on_django.settings_of(kind, url)
        self.ready(range(0))
        with connections[ALIAS].schema_editor() as editor:
            editor.create_model(self.model)
            editor.create_model(Happened)
        self.model.objects.bulk_create(self.model() for _ in range(cases))

    def ready(self, numbers: range) -> None:
        """Both peers share one alias, so each round connects it to the peer's own database."""
        on_django.connect(self.settings)

    def act(self, number: int) -> None:
        with transaction.atomic():
            review = self.model.objects.select_for_update().get(id=number + 1)
            source = review.state
            self.find_valid(review)
            review.save()
            Happened.objects.create(
                review_id=review.id,
                at=datetime.now(UTC),
                actor="reviewer",
                source=source,
                target=review.state,
                reasons=REASONS,
            )

    def find_valid(self, review: Any) -> None:
        """Take the step as the library does."""
        raise NotImplementedError

    def close(self) -> None:
        on_django.disconnect()


class Viewflow(_OnDjango):
    """viewflow.fsm with a table of what happened."""

    name = "viewflow.fsm + log"
    model = Review

    def find_valid(self, review: Any) -> None:
        Flow(review).find_valid(FOUND_ON)


class DjangoFsm(_OnDjango):
    """django-fsm-2 with a table of what happened."""

    name = "django-fsm-2 + log"
    model = FsmReview

    def find_valid(self, review: Any) -> None:
        review.find_valid(FOUND_ON)
