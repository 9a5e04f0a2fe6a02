"""Thin touchpoints, one a file: each turns what happens at a place into calls of services, and knows no rule itself."""
