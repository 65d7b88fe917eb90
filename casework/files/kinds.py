"""The only place that lists which kinds of file are kept, and which names are never taken."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of file: its code, what people call it, and how it is named and served.

    `is_shown` says whether a browser may show it in place; any other is saved to be opened.
    """

    code: str
    label: str
    media_type: str
    suffixes: tuple[str, ...]
    is_shown: bool = False

    @property
    def suffix(self) -> str:
        """The end of the name under which such a file is saved."""
        return self.suffixes[0]


PDF = Kind("pdf", "PDF", "application/pdf", (".pdf",), is_shown=True)
DOCX = Kind(
    "docx",
    "Word document",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    (".docx",),
)
ODT = Kind("odt", "OpenDocument text", "application/vnd.oasis.opendocument.text", (".odt",))
JPEG = Kind("jpeg", "JPEG picture", "image/jpeg", (".jpg", ".jpeg", ".jpe"), is_shown=True)
PNG = Kind("png", "PNG picture", "image/png", (".png",), is_shown=True)
EML = Kind("eml", "Email", "message/rfc822", (".eml",))
MSG = Kind("msg", "Outlook message", "application/vnd.ms-outlook", (".msg",))

KINDS = (PDF, DOCX, ODT, JPEG, PNG, EML, MSG)
KINDS_BY_CODE = {kind.code: kind for kind in KINDS}
KINDS_BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS}

PROGRAMS = frozenset(
    [
        ".app",
        ".apk",
        ".bat",
        ".cmd",
        ".com",
        ".cpl",
        ".dll",
        ".dmg",
        ".docm",
        ".dotm",
        ".exe",
        ".hta",
        ".img",
        ".iso",
        ".jar",
        ".js",
        ".jse",
        ".lnk",
        ".msi",
        ".msp",
        ".pif",
        ".potm",
        ".ppam",
        ".ppsm",
        ".pptm",
        ".ps1",
        ".psm1",
        ".py",
        ".reg",
        ".scr",
        ".sh",
        ".sldm",
        ".sys",
        ".url",
        ".vbe",
        ".vbs",
        ".wsf",
        ".wsh",
        ".xlam",
        ".xlsm",
        ".xltm",
    ]
)
"""Names of what a computer runs, documents with macros among them; refused inside e-mails too."""
PAGES = frozenset(
    [
        ".htm",
        ".html",
        ".mht",
        ".mhtml",
        ".php",
        ".shtml",
        ".svg",
        ".svgz",
        ".swf",
        ".xht",
        ".xhtml",
        ".xml",
    ]
)
"""Names of what a browser would run."""
