//! Which control sheets are ours?

use records::document::SerialUse;
use records::judge::IssuedSheet;
use records::sheet::SheetKey;

use crate::error::Result;
use crate::open::Archive;

impl Archive {
    /// The site's signing keys, newest first; the first is for printing. Made on first use.
    pub fn sheet_keys(&self) -> Result<Vec<SheetKey>> {
        unimplemented!()
    }

    /// Records a sheet before it is printed.
    pub fn issue_sheet(&self, sheet: &IssuedSheet) -> Result<()> {
        let _ = sheet;
        unimplemented!()
    }

    /// A sheet as its print was recorded.
    pub fn issued_sheet(&self, serial: &SerialUse) -> Result<Option<IssuedSheet>> {
        let _ = serial;
        unimplemented!()
    }
}
