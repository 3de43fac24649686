"""This room shows the province what leaves the portal, and takes the receipts of the SMS service."""
