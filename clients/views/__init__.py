"""Pages about clients. The client file itself is composed on the top floor: dashboards/."""
