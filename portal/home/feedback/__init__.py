"""意见反馈: anybody says something about a page from its foot; an office reads and answers it."""
