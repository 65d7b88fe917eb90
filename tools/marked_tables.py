"""The only place that puts tables which are made from the code into pages of the documentation."""

import re
from collections.abc import Callable, Mapping


def with_tables(page: str, tables: Mapping[str, Callable[[], str]]) -> str:
    """The page with each of these tables made again, between its marks; ValueError without them."""
    for name, made in tables.items():
        marked = re.findall(rf"<!-- table: {name} -->\n.*?<!-- end -->", page, re.DOTALL)
        if len(marked) != 1:
            raise ValueError(f"The page has {len(marked)} tables of {name}; it should have one.")
        page = page.replace(marked[0], f"<!-- table: {name} -->\n{made()}<!-- end -->")
    return page
