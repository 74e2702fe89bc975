//! What is fed with broken codes: the reading of control sheets, for the tests and for `cargo xtask soak fuzz`.

use crate::sheet::SheetKey;
use crate::sheet::code;

/// Any text, as it is and signed by us: nobody signs nonsense, but a mistake of ours might.
pub fn sheet(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let secret = "00112233445566778899aabbccddeeff".into();
    let keys = [SheetKey { site: "GENHOSP".into(), id: "k1".into(), secret }];
    let _ = code::read(text, &keys);
    let body = text.rsplit_once('|').map_or("", |(body, _)| body);
    if let Ok(sheet) = code::read(&code::signed(format!("{body}|"), &keys[0]), &keys) {
        assert_eq!(
            code::read(&code::sign(&sheet, &keys[0]), &keys),
            Ok(sheet),
            "what is read is written the same"
        );
    }
}
