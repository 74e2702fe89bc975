//! What does `chartroom __reader` do? It wires the engines of `paper` to the loop of `readers`; nothing else of
//! the program runs in it.

use std::fs::File;
use std::process::ExitCode;

use paper::decode::{self, Limits, Original};
use paper::page::{self, Reader};
use readers::child::{self, PageRead, Serve};
use readers::protocol::Start;
use readers::{LanguageSet, Picture};
use records::geometry::Turn;
use records::reading::{Fault, FaultCode, PageReading, ReaderVersion, Survey};

/// Lives as a reader process until the parent is gone. Standard input is the parent's socket.
pub(crate) fn serve() -> ExitCode {
    child::serve::<Engines>()
}

/// Decoders, and a warm engine for each set of languages.
struct Engines {
    readers: Vec<Reader>,
}

impl Engines {
    fn in_languages(&mut self, languages: LanguageSet) -> &mut Reader {
        &mut self.readers[languages.at()]
    }
}

impl Serve for Engines {
    type Original = Box<dyn Original>;

    fn start(start: &Start) -> Result<Self, String> {
        let reader = |languages: &String| {
            let settings = page::Settings {
                languages: languages.clone(),
                tessdata: start.tessdata.clone(),
                symbologies: start.symbologies.clone(),
            };
            Reader::new(&settings).map_err(|error| error.to_string())
        };
        Ok(Self { readers: start.languages.iter().map(reader).collect::<Result<_, _>>()? })
    }

    fn version(&self, languages: LanguageSet) -> ReaderVersion {
        self.readers[languages.at()].version()
    }

    fn open(&mut self, file: File) -> Result<Self::Original, Fault> {
        decode::open(file, &Limits::default())
    }

    fn survey(&mut self, original: &mut Self::Original) -> Survey {
        original.survey().clone()
    }

    fn read(&mut self, original: &mut Self::Original, page: u32, languages: LanguageSet) -> PageRead {
        match original.page(page) {
            Ok(decoded) => {
                let (reading, pictures) = self.in_languages(languages).read(decoded);
                PageRead { reading, view: of_paper(pictures.view), thumbnail: of_paper(pictures.thumbnail) }
            }
            Err(fault) => {
                let reading = PageReading::unreadable(fault, self.version(languages));
                PageRead { reading, view: None, thumbnail: None }
            }
        }
    }

    fn picture(&mut self, original: &mut Self::Original, page: u32, turn: Turn) -> Result<Picture, Fault> {
        let view = page::view(original.page(page)?, turn);
        let none =
            || Fault::new(FaultCode::PageUnreadable, format!("no picture can be made of page {}", page + 1));
        of_paper(view).ok_or_else(none)
    }
}

/// A picture that could not be made has no bytes.
fn of_paper(picture: paper::page::Picture) -> Option<Picture> {
    (!picture.bytes.is_empty()).then(|| Picture { media: picture.media.into(), bytes: picture.bytes })
}
