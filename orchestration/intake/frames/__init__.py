"""What was read, as records and pandas frames that the contracts can judge. Not here: rules, sentences."""
