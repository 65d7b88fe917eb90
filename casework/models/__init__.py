"""The tables, one file per aggregate; this re-exports them."""

from casework.models.access import AccessRead
from casework.models.application import WaitingApplication, WaitingFile
from casework.models.audit_event import AuditDetail, AuditEvent, AuditNode
from casework.models.base import Base
from casework.models.case import Case, ReferenceCounter, RegisterRow
from casework.models.checkpoint import Checkpoint, CheckpointCopy
from casework.models.directory import DirectoryLink
from casework.models.draft import Draft
from casework.models.erasure import Erasure
from casework.models.force_list import ListCheck, ListFinding, ListReading
from casework.models.held_file import HeldFile
from casework.models.item import Item
from casework.models.letter import LetterDraft
from casework.models.letter_template import LetterTemplate
from casework.models.limit import LimitedUse
from casework.models.milestone import Milestone, MilestoneSource
from casework.models.outbox import OutboxMail
from casework.models.person import Person, PersonRole, SetPasswordLink, SignInAttempt
from casework.models.publication import Publication
from casework.models.search import SearchEntry, SearchWords
from casework.models.setting import OfficeSetting
from casework.models.signing_in import RecoveryCode, SecondFactor, StaffSession
from casework.models.stored_file import StoredFile

__all__ = [
    "AccessRead",
    "AuditDetail",
    "AuditEvent",
    "AuditNode",
    "Base",
    "Case",
    "Checkpoint",
    "CheckpointCopy",
    "DirectoryLink",
    "Draft",
    "Erasure",
    "HeldFile",
    "Item",
    "LetterDraft",
    "LetterTemplate",
    "LimitedUse",
    "ListCheck",
    "ListFinding",
    "ListReading",
    "Milestone",
    "MilestoneSource",
    "OfficeSetting",
    "OutboxMail",
    "Person",
    "PersonRole",
    "Publication",
    "RecoveryCode",
    "ReferenceCounter",
    "RegisterRow",
    "SearchEntry",
    "SearchWords",
    "SecondFactor",
    "SetPasswordLink",
    "SignInAttempt",
    "StaffSession",
    "StoredFile",
    "WaitingApplication",
    "WaitingFile",
]
