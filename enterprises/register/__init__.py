"""The register of enterprises, projects and qualifications, and its imports."""
