"""The only place that lays out a letter as a page of HTML, from which its PDF is printed."""

from datetime import date
from html import escape

from casework.letters.rendering.body import Block, Body, Heading, Items

_STYLE = """\
@page { size: A4; margin: 2.5cm 2.5cm 2.3cm;
  @bottom-left { content: string(foot); font: 9pt "Liberation Sans", Arial, sans-serif }
  @bottom-right { content: "Page " counter(page) " of " counter(pages);
    font: 9pt "Liberation Sans", Arial, sans-serif } }
html { font: 11.5pt/1.4 "Liberation Sans", Arial, sans-serif; overflow-wrap: anywhere }
body { margin: 0 }
p { margin: 0 0 10pt; orphans: 3; widows: 3 }
h1 { font-size: 16pt; line-height: 1.25; margin: 16pt 0 8pt }
h2 { font-size: 13pt; line-height: 1.3; margin: 14pt 0 4pt }
h1, h2, h3 { break-after: avoid }
ul, ol { margin: 0 0 10pt; padding-left: 16pt }
li { margin-bottom: 3pt }
table { border-collapse: collapse; margin-bottom: 10pt }
th, td { border: 0.5pt solid #666; padding: 3pt 6pt; text-align: left; vertical-align: top }
td p { margin: 0 }
img { max-width: 100% }
.letterhead { font-size: 14pt; font-weight: bold; margin-bottom: 30pt }
.closing { break-after: avoid }
.sign-off { margin-top: 36pt; break-inside: avoid }
"""


def page_of(body: Body, *, office_name: str, foot: str = "", written_on: date | None = None) -> str:
    """The letter as one page of HTML that needs nothing from elsewhere."""
    said = "\n".join(_shown(block, _class_of(block, body)) for block in body.blocks)
    return framed(
        f'<p class="letterhead">{escape(office_name)}</p>\n{said}',
        title=body.title,
        office_name=office_name,
        foot=foot,
        written_on=written_on,
    )


def framed(
    content: str, *, title: str, office_name: str, foot: str = "", written_on: date | None = None
) -> str:
    """Content, which is HTML, as a whole page with its title, language, day and style."""
    day = f'<meta name="dcterms.created" content="{written_on}">' if written_on else ""
    style = _STYLE.replace("string(foot)", _css_string(foot))
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{escape(title)}'
        f'</title><meta name="author" content="{escape(office_name)}">{day}'
        f"<style>{style}</style></head><body>\n{content}\n</body></html>"
    )


def _css_string(text: str) -> str:
    r"""Text between the quotes of a style sheet: each character by its number, so none is a sign."""
    return '"' + "".join(f"\\{ord(sign):x} " for sign in text) + '"'


def _class_of(block: Block, body: Body) -> str:
    if block is body.sign_off:
        return "sign-off"
    return "closing" if any(block is each for each in body.closing) else ""


def _shown(block: Block, css_class: str) -> str:
    given = f' class="{css_class}"' if css_class else ""
    if isinstance(block, Heading):
        return f"<h{block.level}{given}>{escape(block.text)}</h{block.level}>"
    if isinstance(block, Items):
        items = "".join(f"<li>{escape(line)}</li>" for line in block.lines)
        return f"<ul{given}>{items}</ul>"
    return f"<p{given}>" + "<br>".join(map(escape, block.lines)) + "</p>"
