"""`python -m services.sales [migrate]`."""

from services.sales.app import service
from shared.runtime.process import main

main(service)
