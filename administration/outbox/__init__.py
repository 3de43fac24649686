"""This room takes messages out of the portal: verified addresses, the province's choice, sending and receipts."""
