"""The numbers that the product must reach, measured on the machine where this runs: `make bench`."""
