"""The only place that takes files out of a form: kept at once, and named in it if it comes back.

No browser sends a chosen file twice by itself. So a form that is refused for something else holds
what it brought before, signed for whoever brought it: nobody can name a file they never had.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from casework.files.kinds import KINDS, KINDS_BY_CODE, Kind
from casework.files.looking import FileRefused
from casework.files.names import safe_name
from casework.files.store import FileTooLarge, Kept, Store, StoreFull
from casework.web.files import files
from casework.web.identity import me
from casework.web.incoming import FILE, KEPT
from casework.web.step_forms import REFUSED, StepForm
from config import MEGABYTE
from workflows.definition import Refusal

MOST_AT_ONCE = 20
STATUSES: Mapping[type, int] = {FileTooLarge: 413, StoreFull: 503}
"""What the answer to a form says of a file that was refused for its size, or for want of room."""
_SECONDS_KEPT = 12 * 60 * 60
"""As long as anybody stays signed in."""


@dataclass(frozen=True)
class Upload:
    """A file that a form brought and that is kept: under which name, and what stands for it."""

    kept: Kept
    name: str

    @property
    def signed(self) -> str:
        """What the form holds, so that the file need not be chosen again."""
        told = {**asdict(self.kept), "kind": self.kept.kind.code, "name": self.name}
        return _signer().dumps([me().token, told])

    @classmethod
    def named_by(cls, signed: str) -> "Upload | None":
        """The upload that was signed for whoever is signed in; None for anything else."""
        try:
            person, told = _signer().loads(signed, max_age=_SECONDS_KEPT)
        except BadData:
            return None
        name, kind = told.pop("name"), KINDS_BY_CODE[told.pop("kind")]
        return cls(Kept(kind=kind, **told), name) if person == me().token else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="kept-file")


@dataclass(frozen=True)
class Uploads:
    """What a posted form brought: files that are kept, and a sentence for each that is not."""

    only: Collection[Kind]
    most: int
    store: Store
    kept: tuple[Upload, ...] = ()
    refusals: tuple[str, ...] = ()
    why_not: FileRefused | None = None

    @classmethod
    def received(
        cls,
        only: Collection[Kind] = KINDS,
        most: int = MOST_AT_ONCE,
        earlier: Sequence[Upload] | None = None,
        store: Store | None = None,
    ) -> "Uploads":
        """Keep the files of the posted form, outside any transaction; nothing when none is posted.

        They come after those brought `earlier`: unless given, those that the form itself names.
        """
        store = store or files()
        if earlier is None:
            named = [Upload.named_by(signed) for signed in request.form.getlist(KEPT)]
            earlier = [upload for upload in named if upload is not None]
        chosen = [each for each in request.files.getlist(FILE) if each.filename]
        if len(chosen) + len(earlier) > most:
            many = "one file" if most == 1 else f"at most {most} files at once"
            return cls(only, most, store, tuple(earlier), (f"Choose {many}.",))
        found = list(_kept(chosen, only, store))
        new = [each for each in found if isinstance(each, Upload)]
        refused = [each for each in found if isinstance(each, _Refused)]
        return cls(
            only,
            most,
            store,
            tuple(dict.fromkeys([*earlier, *new])),
            tuple(each.sentence for each in refused),
            _gravest([each.why for each in refused]),
        )

    @property
    def taken(self) -> str:
        """Which files are taken, how large and how many."""
        kinds = ", ".join(kind.label for kind in self.only)
        many = f", at most {self.most} at once" if self.most > 1 else ""
        return f"{kinds}. Up to {self.store.largest / MEGABYTE:g} MB each{many}."

    @property
    def suffixes(self) -> str:
        """Their kinds, as a browser's dialogue wants them."""
        return ",".join(suffix for kind in self.only for suffix in kind.suffixes)

    def status(self, answer: Any) -> Any:
        """A view's answer, with the status that says so when a form came back for a file's sake."""
        came_back = isinstance(answer, tuple) and answer[1] == REFUSED
        return (answer[0], STATUSES.get(type(self.why_not), REFUSED)) if came_back else answer


@dataclass(frozen=True)
class _Refused:
    sentence: str
    why: FileRefused


def _gravest(refused: Sequence[FileRefused]) -> FileRefused | None:
    """The refusal that the answer's status tells of, where one says more than that it is refused."""
    return next((each for each in refused if type(each) in STATUSES), next(iter(refused), None))


def _kept(
    chosen: Collection[FileStorage], only: Collection[Kind], store: Store
) -> Iterator[Upload | _Refused]:
    for each in chosen:
        name = safe_name(each.filename or "")
        try:
            yield Upload(store.keep(each.stream, name, only), name)
        except FileRefused as refused:
            yield _Refused(f"“{name}” was not taken. {refused}", refused)


class UploadForm(StepForm):
    """The form of a step whose fact `file` is brought with it; `uploads` is what was."""

    uploads: Uploads

    @classmethod
    def bringing(cls, uploads: Uploads, *asked: Any, **known: Any) -> "UploadForm":
        """The form of a step (as `StepForm.of`) with what it brought so far."""
        form = cast("UploadForm", cls.of(*asked, **known))
        form.uploads = uploads
        return form

    def kept_items(self) -> list[dict[str, Any]]:
        """What was brought so far, as the GOV.UK component takes it."""
        return [
            {"value": each.signed, "text": each.name, "checked": True} for each in self.uploads.kept
        ]

    def given(self) -> dict[str, Any]:
        """What was typed; the file is one that was brought, never one that was named."""
        first = next(iter(self.uploads.kept), None)
        return {**super().given(), FILE: first.kept.sha256 if first else None}

    def is_readable(self) -> bool:
        """Whether every file was taken and everything typed can be read."""
        if self.uploads.refusals:
            self[FILE].errors = [" ".join(self.uploads.refusals)]
        elif not self.uploads.kept:
            self.refuse([Refusal("Choose a file.", FILE)])
        return super().is_readable()
