//! How do our types stand in a row?
