"""Assessment: how good a model is, and on what that rests."""
