"""`python -m services.catalog [migrate]`"""

from services.catalog.app import service
from shared.runtime.process import main

main(service)
