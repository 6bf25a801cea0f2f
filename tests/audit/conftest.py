import os

import pytest

from tests.audit.stand import Stand, drop_database, make_database


@pytest.fixture(scope="session")
def audit_database():
    name = f"rmcrm_sealed{os.environ.get('RMCRM_TEST_SUFFIX', '')}"
    make_database(name)
    yield name
    drop_database(name)


@pytest.fixture
def stand(audit_database, tmp_path):
    made = Stand(audit_database, tmp_path)
    yield made
    made.close()
