//! What do parent and child say to each other, and how does it travel?
//!
//! Over one Unix socket pair, strictly in turn: a [`Request`], then an [`Answer`]. A frame is three lengths
//! (32 bits, little endian: header, first blob, second blob), the header in JSON, the blobs. A request that
//! names an original the child does not hold carries it as an open file beside its first byte.
//!
//! The child has met hostile bytes and may lie: the parent checks each length before it takes anything, takes
//! memory only for bytes that came, and believes only values of the types below.

use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use records::geometry::Turn;
use records::reading::{Fault, PageReading, ReaderVersion, Survey, Symbology};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::confine::Confinement;
use crate::job::{LanguageSet, Picture};

/// A page of 200,000 words stays below.
const LARGEST_HEADER: u32 = 64 << 20;
/// A colour page of the largest size allowed, as JPEG, stays below.
const LARGEST_BLOB: u32 = 256 << 20;

/// What a child is told once, before anything else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Start {
    /// Sets of languages, at least one: for each an engine is warmed.
    pub languages: Vec<String>,
    pub tessdata: Option<PathBuf>,
    pub symbologies: Vec<Symbology>,
    /// Bytes of its own memory (`RLIMIT_DATA`).
    pub memory: u64,
}

/// Names an original between one parent and its children; never used twice.
pub type OriginalKey = u64;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    Hello(Start),
    About { original: OriginalKey, question: Question },
}

/// Pages count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    Survey,
    Read(u32, LanguageSet),
    /// The view only, of a page that is upright after this turn (as its reading says).
    Picture(u32, Turn),
}

#[derive(Clone, Serialize, Deserialize)]
pub enum Answer {
    Ready {
        /// Of each set of languages.
        versions: Vec<ReaderVersion>,
        confinement: Confinement,
    },
    /// The engine cannot start, in its own words.
    Refused {
        why: String,
    },
    Survey(Result<Survey, Fault>),
    /// Blobs: view, thumbnail.
    Page {
        page: u32,
        reading: Box<PageReading>,
        view: Option<Media>,
        thumbnail: Option<Media>,
    },
    /// Blob: the picture.
    Picture(Result<Media, Fault>),
    /// A bug, at this place of the source. The child ends after saying so.
    Panicked {
        at: String,
    },
}

/// The two formats of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Media {
    Png,
    Jpeg,
}

impl Media {
    /// Absent for anything that is neither.
    pub fn of(picture: &Picture) -> Option<Self> {
        match picture.media.as_str() {
            "image/png" => Some(Self::Png),
            "image/jpeg" => Some(Self::Jpeg),
            _ => None,
        }
    }

    pub fn picture(self, bytes: Vec<u8>) -> Picture {
        let media = match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        };
        Picture { media: media.into(), bytes }
    }
}

/// Up to two blobs beside a header; one that is not there has no bytes.
pub type Blobs = [Vec<u8>; 2];

/// Sends one frame, and an open file with it.
///
/// # Errors
/// `InvalidInput`: header or blob larger than any that is accepted; nothing was sent. Else what the socket says.
pub fn send(
    mut socket: &UnixStream,
    header: &impl Serialize,
    blobs: &Blobs,
    file: Option<&File>,
) -> io::Result<()> {
    let header = serde_json::to_vec(header)?;
    let mut prefix = [0; 12];
    let parts = [(&header, LARGEST_HEADER), (&blobs[0], LARGEST_BLOB), (&blobs[1], LARGEST_BLOB)];
    for (place, (part, largest)) in prefix.chunks_mut(4).zip(parts) {
        let length = u32::try_from(part.len()).ok().filter(|length| *length <= largest);
        let length = length.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        place.copy_from_slice(&length.to_le_bytes());
    }
    match file {
        Some(file) => send_with(socket, &prefix, file.as_fd())?,
        None => socket.write_all(&prefix)?,
    }
    socket.write_all(&header)?;
    blobs.iter().try_for_each(|blob| socket.write_all(blob))
}

fn send_with(mut socket: &UnixStream, bytes: &[u8], file: BorrowedFd<'_>) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut beside = SendAncillaryBuffer::new(&mut space);
    let files = [file];
    assert!(beside.push(SendAncillaryMessage::ScmRights(&files)), "there is space for one file");
    let sent = rustix::net::sendmsg(socket, &[IoSlice::new(bytes)], &mut beside, SendFlags::NOSIGNAL)?;
    socket.write_all(&bytes[sent..])
}

/// Receives one frame.
///
/// # Errors
/// `UnexpectedEof`: the other side is gone. `InvalidData`: it does not keep to the protocol.
pub fn receive<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<(T, Blobs)> {
    let mut prefix = [0; 12];
    from.read_exact(&mut prefix)?;
    let [header, first, second] = [0, 4, 8]
        .map(|at| u32::from_le_bytes(prefix[at..at + 4].try_into().expect("four bytes are four bytes")));
    if header > LARGEST_HEADER || first > LARGEST_BLOB || second > LARGEST_BLOB {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let header = part(from, header)?;
    let blobs = [part(from, first)?, part(from, second)?];
    Ok((serde_json::from_slice(&header)?, blobs))
}

/// Grows with what comes: a length alone takes no memory.
fn part(from: &mut impl Read, length: u32) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(u64::from(length)).read_to_end(&mut bytes)?;
    if bytes.len() == length as usize { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// The child's end: reads bytes and keeps the file that came beside them.
pub(crate) struct Incoming<'a> {
    pub(crate) socket: &'a UnixStream,
    pub(crate) file: Option<File>,
}

impl Read for Incoming<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut beside = RecvAncillaryBuffer::new(&mut space);
        let flags = RecvFlags::CMSG_CLOEXEC;
        let got = rustix::net::recvmsg(self.socket, &mut [IoSliceMut::new(bytes)], &mut beside, flags)?;
        for message in beside.drain() {
            if let RecvAncillaryMessage::ScmRights(files) = message {
                self.file = files.last().map(File::from);
            }
        }
        Ok(got.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_file_travels_with_a_request() {
        let (parent, child) = UnixStream::pair().unwrap();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"paper").unwrap();
        let again = crate::process::reopen(&file).unwrap();
        let request = Request::About { original: 7, question: Question::Read(3, LanguageSet::default()) };
        send(&parent, &request, &Blobs::default(), Some(&again)).unwrap();
        let mut incoming = Incoming { socket: &child, file: None };
        let (request, _) = receive::<Request>(&mut incoming).unwrap();
        assert!(matches!(request, Request::About { original: 7, question: Question::Read(3, _) }));
        let mut text = String::new();
        incoming.file.unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "paper");
    }

    #[test]
    fn a_length_beyond_any_limit_is_refused_before_its_bytes_are_awaited() {
        let frame = [u32::MAX.to_le_bytes(), [0; 4], [0; 4]].concat();
        let error = receive::<Request>(&mut frame.as_slice()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn a_frame_that_ends_in_the_middle_is_not_taken_for_a_whole_one() {
        let frame = [[9, 0, 0, 0], [0; 4], [0; 4], *b"\"abc"].concat();
        let error = receive::<String>(&mut frame.as_slice()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn a_picture_in_any_other_format_is_none_of_ours() {
        let page = Picture { media: "text/html".into(), bytes: Vec::new() };
        assert_eq!(Media::of(&page), None);
    }
}
