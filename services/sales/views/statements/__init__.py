"""Statements: of makers, of cooperatives, of outlets. Opening and lines are closing, always."""
