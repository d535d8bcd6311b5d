"""Where an operator's tools find the broker."""

import os

from deploy.broker.definitions import ADMIN
from deploy.local.system import System


def admin_amqp_url() -> str:
    """The broker as its administrator: the one that KARYA_AMQP_URL names, else that of the system on this machine."""
    return os.environ.get("KARYA_AMQP_URL") or System().endpoints().amqp_url(ADMIN)
