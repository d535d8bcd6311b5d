"""What makes a service: messages in, one transaction, messages out. Everything that decides nothing about crafts."""
