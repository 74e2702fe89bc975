//! Which page pictures are kept?
//!
//! Under `views/<xy>/<batch>/`, as many as the setting allows: cheap derived data, without fsync, made again by a
//! reader when they are gone. The oldest go first.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use records::ids::PageRef;

use crate::error::{ArchiveError, Result};
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
    /// Keeps a picture made while reading (or made again). It may go at any time.
    pub fn keep_view(&self, page: PageRef, size: PictureSize, picture: &StoredPicture) -> Result<()> {
        let Some(extension) = extension(&picture.media) else {
            return Err(ArchiveError::NotNow { act: "keep a picture", why: "it is neither PNG nor JPEG" });
        };
        let path = self.view_path(page, size, extension);
        let folder = path.parent().expect("pictures lie in folders");
        fs::create_dir_all(folder).map_err(ArchiveError::io("create a folder for pictures"))?;
        let temporary = folder.join(format!("{}.new", uuid::Uuid::new_v4().simple()));
        fs::write(&temporary, &picture.bytes)
            .and_then(|()| fs::rename(&temporary, &path))
            .inspect_err(|_| drop(fs::remove_file(&temporary)))
            .map_err(ArchiveError::io("keep a picture"))?;
        let limit = self.0.settings.views_mb << 20;
        if self.0.views.wrote(picture.bytes.len() as u64, limit) {
            trim(&self.0.dir.join("views"), limit);
        }
        Ok(())
    }

    pub(crate) fn kept_view(&self, page: PageRef, size: PictureSize) -> Result<Option<StoredPicture>> {
        for (extension, media) in MEDIA {
            match fs::read(self.view_path(page, size, extension)) {
                Ok(bytes) => return Ok(Some(StoredPicture { media: media.into(), bytes })),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(ArchiveError::io("read a picture")(error)),
            }
        }
        Ok(None)
    }

    fn view_path(&self, page: PageRef, size: PictureSize, extension: &str) -> PathBuf {
        let batch = page.batch.to_string();
        let size = match size {
            PictureSize::View => "view",
            PictureSize::Thumbnail => "thumbnail",
        };
        let views = self.0.dir.join("views").join(&batch[1..3]).join(&batch);
        views.join(format!("{}-{size}.{extension}", page.page))
    }
}

const MEDIA: [(&str, &str); 2] = [("png", "image/png"), ("jpg", "image/jpeg")];

fn extension(media: &str) -> Option<&'static str> {
    MEDIA.iter().find(|(_, known)| *known == media).map(|(extension, _)| *extension)
}

/// How much was written since the pictures were last counted.
#[derive(Default)]
pub(crate) struct Kept(AtomicU64);

impl Kept {
    /// Whether it is time to look at the limit again: counting walks all pictures, so only now and then.
    fn wrote(&self, bytes: u64, limit: u64) -> bool {
        let since = self.0.fetch_add(bytes, Ordering::Relaxed) + bytes;
        since > limit / 8 && self.0.swap(0, Ordering::Relaxed) > 0
    }
}

/// Removes the oldest pictures until 7/8 of the limit are left.
fn trim(views: &Path, limit: u64) {
    let inside = |path: PathBuf| fs::read_dir(path).into_iter().flatten().flatten();
    let mut kept: Vec<(SystemTime, u64, PathBuf)> = inside(views.to_owned())
        .flat_map(|entry| inside(entry.path()))
        .flat_map(|entry| inside(entry.path()))
        .filter_map(|entry| {
            let about = entry.metadata().ok()?;
            Some((about.modified().ok()?, about.len(), entry.path()))
        })
        .collect();
    kept.sort();
    let mut total: u64 = kept.iter().map(|(_, size, _)| size).sum();
    if total <= limit {
        return;
    }
    for (_, size, path) in kept {
        if total <= limit / 8 * 7 {
            return;
        }
        let _ = fs::remove_file(path);
        total -= size;
    }
}
