"""This room shows persons their home page and the page 个人信息."""
