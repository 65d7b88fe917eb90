"""W4's peer: the Django admin over the same tables, its list and its page of one row with 30 others."""

from django.db import models

from benchmarks import on_django
from benchmarks.databases import Kind
from benchmarks.register import Register
from benchmarks.w4_pages import ASKED, get

from django.contrib import admin  # isort: skip
from django.contrib.auth.models import User  # isort: skip
from django.core.handlers.wsgi import WSGIHandler  # isort: skip
from django.core.management import call_command  # isort: skip
from django.test import Client  # isort: skip
from django.urls import path as at  # isort: skip

FOUND = "closed_on__isempty=1&o=2&p=2"
"""What the admin calls the second page of the open cases by reference."""


class Person(models.Model):
    """A member of staff."""

    token = models.CharField(max_length=34, unique=True)
    name = models.CharField(max_length=200)

    class Meta:
        app_label, db_table, managed = "peers", "person", False

    def __str__(self) -> str:
        return str(self.name)


class Case(models.Model):
    """A case, as the register's table has it."""

    token = models.CharField(max_length=34, unique=True)
    reference = models.CharField(max_length=60)
    complainant_name = models.TextField()
    grounds = models.TextField()
    state = models.CharField(max_length=20)
    received_on = models.DateField()
    closed_on = models.DateField(null=True)
    waiting_for = models.CharField(max_length=20, null=True)
    assignee = models.ForeignKey(
        Person, models.DO_NOTHING, db_column="assignee", to_field="token", null=True
    )

    class Meta:
        app_label, db_table, managed = "peers", "case", False


class Event(models.Model):
    """An event of the log."""

    seq = models.IntegerField(primary_key=True)
    case = models.ForeignKey(Case, models.DO_NOTHING, db_column="case_token", to_field="token")
    at = models.CharField(max_length=27)
    actor = models.CharField(max_length=34)
    action = models.CharField(max_length=40)

    class Meta:
        app_label, db_table, managed = "peers", "audit_event", False


class EventsOfCase(admin.TabularInline):
    """The events beneath a case."""

    model, extra, can_delete = Event, 0, False
    readonly_fields = ("seq", "at", "actor", "action")


class CaseAdmin(admin.ModelAdmin):
    """The admin of cases: the columns and the search of the product's own list."""

    list_display = (
        *("reference", "complainant_name", "state", "received_on"),
        *("waiting_for", "assignee", "closed_on"),
    )
    list_filter = (("closed_on", admin.EmptyFieldListFilter),)
    list_select_related = ("assignee",)
    list_per_page = 50
    search_fields = ("reference", "complainant_name", "grounds")
    inlines = (EventsOfCase,)


site = admin.AdminSite()
site.register(Case, CaseAdmin)
urlpatterns = [at("admin/", site.urls)]


class DjangoAdmin:
    """The Django admin, signed in as somebody who may everything."""

    name = "Django admin"

    def __init__(self, kind: Kind, register: Register) -> None:
        self.settings = on_django.settings_of(kind, register.url)
        on_django.connect(self.settings)
        call_command("migrate", verbosity=0)
        client = Client()
        client.force_login(User.objects.create_superuser("admin"))
        self.cookie = f"sessionid={client.cookies['sessionid'].value}"
        self.app = WSGIHandler()
        self.worked = Case.objects.get(token=register.worked).pk

    def get(self, path: str, query: str = "") -> str:
        """The admin's page for a page of this project."""
        if path == "/cases":
            query = FOUND if query == ASKED else query
            return get(self.app, "/admin/peers/case/", query, self.cookie)
        return get(self.app, f"/admin/peers/case/{self.worked}/change/", "", self.cookie)

    def close(self) -> None:
        on_django.disconnect()
