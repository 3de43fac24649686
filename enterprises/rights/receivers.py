"""Answers the access decorators what an operator may do."""

from accounts.access.rights import RIGHT_RULES

from .rules import why_not

RIGHT_RULES.register("enterprises", why_not)
