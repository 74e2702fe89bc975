//! What can keep a reader from starting, and what does whoever runs it do about it?

use std::path::PathBuf;

/// Why no engine could be made. Pages never fail with this: what is wrong with a page is a
/// [`records::reading::Fault`].
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// The name is not one that Tesseract could have.
    #[error(
        "\"{languages}\" is not a list of languages; write them as tesseract names them, for example eng+deu"
    )]
    NotALanguage { languages: String },
    /// A model is not where it was looked for.
    #[error("no tesseract model for \"{language}\" in {}; install tesseract-ocr-{language} or correct tessdata", .folder.display())]
    NoModel { language: String, folder: PathBuf },
    /// The engine found no model by itself.
    #[error(
        "tesseract cannot load \"{languages}\"; install tesseract-ocr-<language> for each, or set tessdata to the folder of the *.traineddata files"
    )]
    NoEngine { languages: String },
}
