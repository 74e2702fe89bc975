//! The keys that sign control sheets: where are they kept?
