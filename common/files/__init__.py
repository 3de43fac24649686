"""Accepts uploaded files and pictures and reads them within limits."""
