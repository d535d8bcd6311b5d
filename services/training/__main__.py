"""`python -m services.training [migrate]`."""

from services.training.app import open_vault, service
from shared.runtime.process import main

if __name__ == "__main__":
    open_vault()  # A wrong key ends the process now, not when the first maker brings her NIK.
    main(service)
