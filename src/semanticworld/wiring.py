"""The composition root: settings in, a wired World out. It imports lazily, so that help costs nothing."""
