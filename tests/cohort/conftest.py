"""A class on disk, in which nobody has handed anything in; its gradebook is a copy of one that nbgrader made."""

import pytest
from promotion import promotion


@pytest.fixture
def cohort(tmp_path):
    return promotion(tmp_path / "cours d’été")
