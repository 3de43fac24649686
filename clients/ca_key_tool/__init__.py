"""Signs the login challenge of the portal with a CA key: a PKCS#11 token or a .p12 file. Needs no browser and no Django."""
