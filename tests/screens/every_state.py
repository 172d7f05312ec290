"""Every page of the product by the name of its state, for whoever measures them all or takes their pictures."""

from tests.screens.people_states import PEOPLE_STATES
from tests.screens.privacy_states import PRIVACY_STATES
from tests.screens.report_states import REPORT_STATES
from tests.screens.rule_states import RULE_STATES
from tests.screens.site_states import SITE_STATES
from tests.screens.states import STATES
from tests.screens.thread_states import THREAD_STATES
from tests.screens.transfer_states import TRANSFER_STATES

EVERY_STATE = STATES | PEOPLE_STATES | PRIVACY_STATES | REPORT_STATES | RULE_STATES | SITE_STATES | THREAD_STATES
EVERY_STATE |= TRANSFER_STATES
