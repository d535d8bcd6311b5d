"""What the compose file runs besides the services: their secrets, their health and the operator's tools."""
