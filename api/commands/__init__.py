"""Sub-commands of the command line `shiji`."""
