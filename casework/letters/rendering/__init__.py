"""What a letter looks like: one text that people edit, and the Word file and PDF made of it.

    body  = parse(text)              # any text is a letter; body.title is its title
    gaps(text)                       # what is left to be completed; empty when it is ready
    leftovers(document)              # tracked changes, comments and hidden text of a Word file
    as_docx(body, office_name=..., foot="CR/2026-27/001, letter 2")  -> bytes
    as_pdf(body, office_name=..., foot=..., written_on=day)          -> bytes   (PdfRefused)
    docx_to_pdf(document, title=..., office_name=..., foot=..., written_on=day) -> bytes
    printed(page)                                                    -> bytes   (PdfRefused)

The Word file that somebody edited and uploaded is what is sent; `docx_to_pdf` gives its tagged
PDF. Making a PDF takes about two seconds: never within a write transaction.
"""

from casework.letters.rendering.body import gaps as gaps
from casework.letters.rendering.body import parse as parse
from casework.letters.rendering.body import printable as printable
from casework.letters.rendering.leftovers import leftovers as leftovers
from casework.letters.rendering.pdf import NoPdfHere as NoPdfHere
from casework.letters.rendering.pdf import PdfRefused as PdfRefused
from casework.letters.rendering.pdf import as_pdf as as_pdf
from casework.letters.rendering.pdf import docx_to_pdf as docx_to_pdf
from casework.letters.rendering.pdf import printed as printed
from casework.letters.rendering.word import as_docx as as_docx
