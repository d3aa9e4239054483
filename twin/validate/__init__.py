"""The model held against measured hardware: cases with measured value, model, error and bound."""
