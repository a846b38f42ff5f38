"""The contracts that every room stands on: units, dimensions, definitions, status, indicators."""
