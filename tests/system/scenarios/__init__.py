"""The programme's acceptance scenarios, one file each. A package, so that its one system ends with its last test."""
