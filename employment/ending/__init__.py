"""解除聘用关系: this room ends employments on a person's request or by an office."""
