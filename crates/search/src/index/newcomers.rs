//! Which pages cannot be in the index yet, so that none of them has to be taken out?
//!
//! Every page that is to be taken out is looked for in every segment. Pages come by their batches, and nearly all of
//! them once: one look for the batch spares them that.

use records::ids::{BatchId, PageNumber, PageRef};
use rustc_hash::FxHashSet;

/// What was put in since the last commit.
#[derive(Default)]
pub(super) struct Newcomers {
    batch: Option<BatchId>,
    /// Nothing of the batch was in the index before.
    is_new: bool,
    /// Pages of it, ...
    pages: FxHashSet<PageNumber>,
    /// ... and the batches before it.
    earlier: FxHashSet<BatchId>,
}

impl Newcomers {
    /// Whether the page may have been put in before. `committed` says whether anything of its batch is in the index.
    pub(super) fn may_be_known<E>(
        &mut self,
        page: PageRef,
        committed: impl FnOnce() -> Result<bool, E>,
    ) -> Result<bool, E> {
        if self.batch != Some(page.batch) {
            let is_known = committed()?;
            self.earlier.extend(self.batch.replace(page.batch));
            self.is_new = !is_known && !self.earlier.contains(&page.batch);
            self.pages.clear();
        }
        Ok(!self.pages.insert(page.page) || !self.is_new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(batch: u8, page: u32) -> PageRef {
        PageRef { batch: BatchId([batch; 16]), page: PageNumber(page) }
    }

    #[test]
    fn only_what_was_never_put_in_is_new() {
        let mut newcomers = Newcomers::default();
        let mut known = |page, committed| newcomers.may_be_known(page, || Ok::<_, ()>(committed)).unwrap();
        assert!(!known(page(1, 1), false) && !known(page(1, 2), false));
        assert!(known(page(1, 1), false), "it came just now");
        assert!(known(page(2, 1), true), "its batch is in the index");
        assert!(known(page(1, 3), false), "its batch came before");
    }

    #[test]
    fn a_batch_is_looked_for_once() {
        let (mut newcomers, mut looks) = (Newcomers::default(), 0);
        for number in 1..=50 {
            newcomers
                .may_be_known(page(1, number), || {
                    looks += 1;
                    Ok::<_, ()>(false)
                })
                .unwrap();
        }
        assert_eq!(looks, 1);
    }
}
