"""An installation of the chaos's own: servers behind proxies, replicas that are started again when they die."""
