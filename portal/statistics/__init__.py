"""统计: in this room certificates, applications, exams and training are counted at night and shown, also to everybody."""
