//! What are the tables, and how do older ones become these?
