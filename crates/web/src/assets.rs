//! What browsers load: styles, scripts, icons, all from inside the program.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use crate::fault::Fault;

struct Asset {
    name: &'static str,
    media: &'static str,
    bytes: &'static [u8],
}

macro_rules! assets {
    ($($name:literal $media:literal),* $(,)?) => {
        &[$(Asset { name: $name, media: $media, bytes: include_bytes!(concat!("../assets/", $name)) }),*]
    };
}

const ASSETS: &[Asset] = assets![
    "desk.css" "text/css; charset=utf-8",
    "desk.js" "text/javascript; charset=utf-8",
    "htmx/htmx.min.js" "text/javascript; charset=utf-8",
    "chart.css" "text/css; charset=utf-8",
    "viewer.css" "text/css; charset=utf-8",
    "viewer.js" "text/javascript; charset=utf-8",
    "viewer_picture.js" "text/javascript; charset=utf-8",
    "viewer_turn.js" "text/javascript; charset=utf-8",
    "viewer_worker.js" "text/javascript; charset=utf-8",
    "icon.svg" "image/svg+xml",
    "search.css" "text/css; charset=utf-8",
    "search.js" "text/javascript; charset=utf-8",
    "worklist.css" "text/css; charset=utf-8",
    "worklist.js" "text/javascript; charset=utf-8",
    "strip.js" "text/javascript; charset=utf-8",
];

/// The version stands in the address, so that a browser may keep it for ever.
pub(crate) async fn asset(Path((version, name)): Path<(String, String)>) -> Result<Response, Fault> {
    let asset = ASSETS.iter().find(|asset| asset.name == name).ok_or(Fault::NotThere)?;
    let kept = if version == VERSION { "public, max-age=31536000, immutable" } else { "no-cache" };
    Ok(([(header::CONTENT_TYPE, asset.media), (header::CACHE_CONTROL, kept)], asset.bytes).into_response())
}

/// Of all assets together; made by the build script.
pub(crate) const VERSION: &str = env!("CHARTROOM_ASSETS");
