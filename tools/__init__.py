"""What those who work on the data run by hand."""
