"""The log as a way out: says that there is a notice, never to whom or what. For trying the system out."""

import structlog

from services.notify.channels import Message
from shared.contracts.training import Contact

log = structlog.get_logger(__name__)


class LogChannel:
    """Reaches everybody."""

    name = "log"

    def reaches(self, contact: Contact) -> bool:
        return True

    async def send(self, message: Message) -> None:
        log.info(
            "notice",
            notice_id=str(message.notice_id),
            maker_id=str(message.maker_id),
            template=message.template,
        )
