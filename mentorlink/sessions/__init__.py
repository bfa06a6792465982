"""What two people do together: meetings, mentoring, coaching."""
