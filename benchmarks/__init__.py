"""One small program per work: this project, its peers and the limit, measured side by side."""
