"""The system on one machine: servers, services and the `karya` command."""
