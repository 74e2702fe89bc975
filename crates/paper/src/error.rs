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
    #[error("no tesseract model for \"{language}\" in {}; install {} or correct tessdata", .folder.display(), package(.language))]
    NoModel { language: String, folder: PathBuf },
    /// The engine would read without it, and be silent about that.
    #[error("no tesseract model for \"{language}\"; install {}, or set tessdata to the folder of the *.traineddata files", package(.language))]
    NotLoaded { language: String },
    /// The engine found no model by itself.
    #[error(
        "tesseract cannot load \"{languages}\"; install {}, or set tessdata to the folder of the *.traineddata files",
        .languages.split('+').map(package).collect::<Vec<_>>().join(" and ")
    )]
    NoEngine { languages: String },
}

/// Debian's package of a model: chi_sim is in tesseract-ocr-chi-sim.
fn package(language: impl AsRef<str>) -> String {
    format!("tesseract-ocr-{}", language.as_ref().replace('_', "-"))
}
