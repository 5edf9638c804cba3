"""What touches bytes of senders beside a server: in a process of its own, replaced when it dies."""
