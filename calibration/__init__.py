"""What the model learns from: published counts, and beliefs with their priors."""
