"""`python -m services.catalog [migrate]`"""

from services.catalog.app import service
from shared.runtime.service import main

main(service)
