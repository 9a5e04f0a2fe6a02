"""Makes inputs and runs whole journeys for demonstrations and tests; never part of an operation."""
