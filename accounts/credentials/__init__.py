"""What a login is proven by: passwords, one-time passwords, and the limits on guessing both."""
