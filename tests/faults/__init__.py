"""What happens to people's words when something breaks: everything here is really broken."""
