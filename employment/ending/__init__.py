"""解除聘用关系: on request or by an office."""
