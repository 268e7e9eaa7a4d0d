"""Search by meaning: texts and questions as vectors. Optional, off where no model is configured."""
