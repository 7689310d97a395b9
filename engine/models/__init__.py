"""What is shipped: recipes, weights (typed, verified), model cards."""
