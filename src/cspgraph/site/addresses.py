"""Where the page of a thing stands in a site: an address that holds no name that can change.

The code in an area's address is that of the register, the end of a body's is that of
its own address, and the path of a provision is that of legislation.gov.uk.
"""

from __future__ import annotations

from cspgraph.rdf.terms import BASE, PREFIXES

__all__ = ["INDEX", "address", "climb", "word"]

#: The file of a page in its folder, so that links work from a file system too.
INDEX = "index.html"

_THINGS = {
    PREFIXES["gss"]: "area/",
    PREFIXES["area"]: "area/",
    PREFIXES["body"]: "body/",
    PREFIXES["dt"]: "duty/",
    PREFIXES["document"]: "report/",
}
#: Terms that have an entry on the page of words.
_WORDS = (
    *("role", "kind", "action", "basis", "standing", "subject", "theme"),
    *("verification", "modality", "governance", "verdict"),
)


def address(thing: str) -> str:
    """Return the folder of the page of `thing`, below the root; "" where it has none.

    >>> address("http://www.legislation.gov.uk/id/ukpga/1998/37/section/6/1/c")
    'law/ukpga/1998/37/section/6/1/c/'
    >>> address("http://www.legislation.gov.uk/id/uksi/2007/1830/regulation/3#2007")
    'law/uksi/2007/1830/regulation/3/text-of-2007/'
    >>> address("https://w3id.org/cspgraph/id/body/dorset-council")
    'body/dorset-council/'
    >>> address("https://example.org/")
    ''
    """
    if thing.startswith(PREFIXES["law"]):
        path, _, text = thing.removeprefix(PREFIXES["law"]).partition("#")
        return f"law/{path}/" + (f"text-of-{text}/" if text else "")
    start, slash, end = thing.rpartition("/")
    folder = _THINGS.get(start + slash, "")
    return f"{folder}{end}/" if folder and end else ""


def word(thing: str) -> str:
    """Return the place of a term on the page of words; "" for what is no term.

    >>> word("https://w3id.org/cspgraph/role/ResponsibleAuthority")
    'role-ResponsibleAuthority'
    """
    scheme, slash, end = thing.removeprefix(BASE).partition("/")
    known = thing.startswith(BASE) and slash and scheme in _WORDS
    return f"{scheme}-{end}" if known else ""


def climb(folder: str) -> str:
    """Return the way from a page in `folder` to the root of the site.

    >>> climb("area/E06000059/"), climb("")
    ('../../', '')
    """
    return "../" * folder.count("/")
