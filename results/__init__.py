"""What the model says: measures, fit, charts and reports."""
