"""What makes RM CRM run on a bare machine; standard library only, for nothing else is there yet."""
