//! Which dates stand in a text, and what are they dates of?
