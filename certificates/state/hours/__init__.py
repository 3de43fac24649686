"""继续教育学时: which terms ask for hours, what each has, and which open cases lack hours that they were filed with."""
