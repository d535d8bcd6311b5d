"""Papers: files that the gateway puts together of what services answer; what is personal is asked for just then."""
