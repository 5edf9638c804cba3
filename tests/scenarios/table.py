"""Every scenario."""

from tests.scenarios.passing import PASSING
from tests.scenarios.returned import RETURNED
from tests.scenarios.to_a_person import TO_A_PERSON

SCENARIOS = (*PASSING, *RETURNED, *TO_A_PERSON)
