"""Every scenario."""

from tests.scenarios.passing import PASSING
from tests.scenarios.returned import RETURNED
from tests.scenarios.to_a_person import TO_A_PERSON
from tests.scenarios.unbalanced import UNBALANCED

SCENARIOS = (*PASSING, *RETURNED, *UNBALANCED, *TO_A_PERSON)
