"""`python -m services.notify [migrate]`"""

from services.notify.app import service
from shared.runtime.process import main

main(service)
