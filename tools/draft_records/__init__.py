"""Make drafts of records from tables of facts; see the README beside this file."""
