"""Migrations of the database, run from code when a store is opened."""
