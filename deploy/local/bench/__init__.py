"""How quick it is: the running services measured on servers of their own, beside the yardstick's programs."""
