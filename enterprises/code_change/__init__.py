"""信用代码变更: in this room a registry clerk changes the code of an enterprise, on the document that changed it."""
