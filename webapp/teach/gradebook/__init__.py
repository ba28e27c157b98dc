"""The gradebook: students × items, live, sorted, filtered and exported; and one student's page of a course."""
