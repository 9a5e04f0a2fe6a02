"""Answers to passenger lists: CUSRES messages, accepted or refused, with a reason for each passenger."""
