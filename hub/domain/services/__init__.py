"""What happens outside the commands of a meeting: accounts, registration, agendas, keys."""
