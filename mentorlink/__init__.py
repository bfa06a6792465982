"""MentorLink: mentors and coaches matched to competency gaps, learning communities, and a record of what was learned."""
