"""Declares the app that brings the commands of development."""

from django.apps import AppConfig


class DevtoolsConfig(AppConfig):
    """Is installed by the settings of development and tests, never in production."""

    name = "devtools"
