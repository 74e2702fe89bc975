//! Which page pictures are kept?

use records::ids::PageRef;

use crate::catalogue::line::Lease;
use crate::error::Result;
use crate::open::Archive;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureSize {
    /// The upright frame.
    View,
    Thumbnail,
}

/// A picture in a browser's format.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredPicture {
    /// `image/png` or `image/jpeg`.
    pub media: String,
    pub bytes: Vec<u8>,
}

/// Never shows the picture.
impl std::fmt::Debug for StoredPicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredPicture({}, {} bytes)", self.media, self.bytes.len())
    }
}

impl Archive {
    /// Keeps a picture made while reading (or made again). Cheap derived data: no fsync, may go at any time.
    pub fn keep_view(
        &self,
        lease: &Lease,
        page: PageRef,
        size: PictureSize,
        picture: &StoredPicture,
    ) -> Result<()> {
        let _ = (lease, page, size, picture);
        unimplemented!()
    }
}
