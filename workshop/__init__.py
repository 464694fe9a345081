"""What a maintainer runs and a reader never imports."""
