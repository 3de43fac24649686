"""This package serves development, demonstration and tests only. No product package imports it."""
