"""Every change to the workload: timers, sheets of time, what comes back, who follows what."""
