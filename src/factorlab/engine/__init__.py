"""The container engine, through the Docker SDK: containers, networks, images, labels, clean-up."""
