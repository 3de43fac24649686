"""What persons see and change of themselves: the home page and the page 个人信息."""
