//! When are segments put together? As tantivy does it; the moment has a name, so that a kill in it can be tried.

use tantivy::SegmentMeta;
use tantivy::merge_policy::{LogMergePolicy, MergeCandidate, MergePolicy};

#[derive(Debug, Default)]
pub(super) struct Merging(LogMergePolicy);

impl MergePolicy for Merging {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let candidates = self.0.compute_merge_candidates(segments);
        if !candidates.is_empty() {
            tracing::trace!(target: "fault_point", "index merging");
        }
        candidates
    }
}
