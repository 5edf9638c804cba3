"""Everything that runs on one machine, under one supervisor: `zishen up`."""
