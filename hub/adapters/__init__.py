"""The world outside: each adapter speaks to one thing that is not ours."""
