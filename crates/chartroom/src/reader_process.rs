//! What does `chartroom __reader` do? It wires the engines of `paper` to the loop of `readers`; nothing else of
//! the program runs in it.

use std::fs::File;
use std::process::ExitCode;

use paper::decode::{self, Limits, Original};
use paper::page::{self, Reader};
use readers::Picture;
use readers::child::{self, PageRead, Serve};
use readers::protocol::Start;
use records::reading::{Fault, FaultCode, PageReading, ReaderVersion, Survey};

/// Lives as a reader process until the parent is gone. Standard input is the parent's socket.
pub(crate) fn serve() -> ExitCode {
    child::serve::<Engines>()
}

/// Decoders, and one warm engine.
struct Engines {
    reader: Reader,
}

impl Serve for Engines {
    type Original = Box<dyn Original>;

    fn start(start: &Start) -> Result<Self, String> {
        let settings =
            page::Settings { languages: start.languages.clone(), tessdata: start.tessdata.clone() };
        Reader::new(&settings).map(|reader| Self { reader }).map_err(|error| error.to_string())
    }

    fn version(&self) -> ReaderVersion {
        self.reader.version()
    }

    fn open(&mut self, file: File) -> Result<Self::Original, Fault> {
        decode::open(file, &Limits::default())
    }

    fn survey(&mut self, original: &mut Self::Original) -> Survey {
        original.survey().clone()
    }

    fn read(&mut self, original: &mut Self::Original, page: u32) -> PageRead {
        match original.page(page) {
            Ok(decoded) => {
                let (reading, pictures) = self.reader.read(decoded);
                PageRead { reading, view: of_paper(pictures.view), thumbnail: of_paper(pictures.thumbnail) }
            }
            Err(fault) => {
                let reading = PageReading::unreadable(fault, self.version());
                PageRead { reading, view: None, thumbnail: None }
            }
        }
    }

    /// Reads the page again: the upright frame is what reading found, and the boxes of the reading must fit it.
    fn picture(&mut self, original: &mut Self::Original, page: u32) -> Result<Picture, Fault> {
        let decoded = original.page(page)?;
        let none =
            || Fault::new(FaultCode::PageUnreadable, format!("no picture can be made of page {}", page + 1));
        of_paper(self.reader.read(decoded).1.view).ok_or_else(none)
    }
}

/// A picture that could not be made has no bytes.
fn of_paper(picture: paper::page::Picture) -> Option<Picture> {
    (!picture.bytes.is_empty()).then(|| Picture { media: picture.media.into(), bytes: picture.bytes })
}
