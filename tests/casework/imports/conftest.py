"""What the tests of the register import share."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.casework.imports.registers import office


@pytest.fixture(scope="module")
def empty() -> Iterator[Session]:
    with office() as session:
        yield session
