"""What strangers, neighbours and their words can reach: everything here is really tried."""
