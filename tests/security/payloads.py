"""The only place for what somebody types who means harm.

Each text of `MARKUP`, should any page take it for markup, makes an element, an attribute or an
address that no page of the office has, and says `zq` to whoever listens.
"""

MARK = "zqmark"
"""In a name that stands nowhere else, so that it is found wherever it went."""

MARKUP = (
    "<script>alert('zq')</script>",
    "<img src=x onerror=alert('zq')>",
    "<svg onload=alert('zq')>",
    "<svg><script>alert&#40;'zq')</script>",
    "<svg><animate onbegin=alert('zq') attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:alert('zq')><text y=20>zq</text></a>",
    "\"><script>alert('zq')</script>",
    "'><img src=x onerror=alert('zq')>",
    "\" autofocus onfocus=alert('zq') x=\"",
    "' onmouseover=alert('zq') style='position:fixed;inset:0",
    "</title><script>alert('zq')</script>",
    "</textarea><img src=x onerror=alert('zq')>",
    "</script><script>alert('zq')</script>",
    "</style><script>alert('zq')</script>",
    "--><script>alert('zq')</script>",
    "]]><script>alert('zq')</script>",
    "<details open ontoggle=alert('zq')>",
    "<input autofocus onfocus=alert('zq')>",
    "<video><source onerror=alert('zq')>",
    "<body onload=alert('zq')>",
    "<iframe srcdoc=\"<script>parent.alert('zq')</script>\">",
    "<object data=\"data:text/html,<script>alert('zq')</script>\">",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert('zq')>",
    "<base href=//zq.example/>",
    '<meta http-equiv=refresh content="0;url=//zq.example/">',
    '<form action=//zq.example/><button formaction=//zq.example/ type=submit id="zq">',
    "<link rel=stylesheet href=//zq.example/zq.css>",
    "<zqmark is=zq onclick=alert('zq')>",
    "javascript:alert('zq')//",
    "javascript:/*--></title></style></textarea></script><svg/onload='+/\"/+/onmouseover=1/+"
    "/[*/[]/+alert('zq')//'>",
    "＜script＞alert('zq')＜/script＞",
    "<ſcript>alert('zq')</ſcript>",
    "<scr\u00adipt>alert('zq')</scr\u00adipt>",
    "`${alert('zq')}`",
    "{{constructor.constructor(\"alert('zq')\")()}}",
    "<a href=\"JaVaScRiPt&colon;alert('zq')\" id=zq>zq</a>",
)
EVERY_MARKUP = "".join(MARKUP)

SQL = (
    "' OR '1'='1",
    "' OR 1=1 --",
    '" OR ""="',
    "'); DROP TABLE person; --",
    "1; DELETE FROM person",
    "' UNION SELECT password_hash FROM person --",
    "' AND randomblob(500000000) IS NOT NULL --",
    "'||pg_sleep(3)||'",
    "1)) OR 1=1 ORDER BY 99 --",
    "\\'; ATTACH DATABASE 'zq.sqlite3' AS zq; --",
    "%' OR name LIKE '%",
    "_%",
    'NEAR(zq AND OR NOT * ^ ) { } - "',
    "asc; DROP TABLE draft",
)

TEMPLATES = (
    "zq{{7*7}}zq",
    "zq{% print(7*7) %}zq",
    "zq${7*7}zq",
    "zq#{7*7}zq",
    "zq<%= 7*7 %>zq",
    "{{config.SECRET_KEY}}{{request.application.__globals__}}",
    "{{''.__class__.__mro__[1].__subclasses__()}}",
    "{% include '/etc/passwd' %}{% raw %}",
    "%(zq)s %s %n {zq} {0.__class__}",
)
WORKED_OUT = "zq49zq"
"""What a template sign comes to that was obeyed."""

LINES = (
    "zq\r\nBcc: zq@zq.example",
    "zq\nX-Zq: 1\n\n<script>alert('zq')</script>",
    "zq%0d%0aSet-Cookie:%20zq=1",
    "zq\u2028zq\u2029zq\x85zq\x0b",
)

PATHS = (
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "file:///etc/passwd",
    "....//....//etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "CON",
    "zq.pdf\u202efdp.exe",
)

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "=cmd|' /C calc'!A0")

ODD = (
    "",
    " ",
    "\u200b",
    "\ufeff",
    "𝔘\U0010ffff\ufffe",
    "e" + "\u0301" * 500,
    "\u202eevil",
    "x" * 20_000,
    "-1",
    "0",
    "٣",
    "99999999999999999999",
    "9007199254740993",
    "1e400",
    "NaN",
    "0x10",
    "2026-02-30",
    "31",
    "true",
    "null",
    "[]",
    '{"$ne": null}',
    "c_" + "0" * 32,
    "u_" + "0" * 32,
)

TEXTS = (*MARKUP, *SQL, *TEMPLATES, *LINES, *PATHS, *FORMULAS, *ODD)

ELSEWHERE = (
    "https://zq.example/",
    "http://zq.example/cases",
    "HTTPS://zq.example",
    "//zq.example",
    "///zq.example",
    "////zq.example/cases",
    "/\\zq.example",
    "\\\\zq.example",
    "/\t/zq.example",
    "/\n/zq.example",
    "\t//zq.example",
    " //zq.example",
    "javascript:alert('zq')",
    "data:text/html,zq",
    "https:zq.example",
    "https:/zq.example",
    "zq.example",
    "//zq@zq.example/",
    "//[::1",
    "/%2f/zq.example",
    "/.//zq.example",
    "/cases/..//zq.example",
)
"""Where a page might be made to send somebody on to."""
