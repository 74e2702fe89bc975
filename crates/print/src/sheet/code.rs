//! How large must a code be that survives 200 dpi and a coarse fax?

use qrcode::{Color, EcLevel, QrCode};

use crate::paper::Page;

/// Module of a sheet's code, in millimetres, for payloads of usual length: 6.7 pixels at 200 dpi, and 3.3 in the 98
/// lines an inch of a coarse fax.
pub const MODULE_MM: f32 = 0.85;

const POINTS_PER_MM: f32 = 72.0 / 25.4;

/// No code is larger than this, in points: long payloads take smaller modules.
const LARGEST: f32 = 150.0;

/// The squares of a QR code, with error correction that stands a quarter of it being lost.
pub(super) struct Code {
    modules: Vec<bool>,
    /// Modules in a row.
    width: usize,
}

impl Code {
    /// Payloads are far below the 1,663 bytes that fit.
    pub(super) fn of(payload: &str) -> Self {
        let payload = payload.get(..payload.len().min(1_600)).unwrap_or(payload);
        let code =
            QrCode::with_error_correction_level(payload, EcLevel::Q).expect("1,600 bytes fit in a code");
        let modules = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Self { modules, width: code.width() }
    }

    /// Side of a module, in points.
    #[expect(clippy::cast_precision_loss, reason = "at most 177")]
    fn module(&self) -> f32 {
        (MODULE_MM * POINTS_PER_MM).min(LARGEST / self.width as f32)
    }

    /// Side of the whole code, in points, without the white around it.
    #[expect(clippy::cast_precision_loss, reason = "at most 177")]
    pub(super) fn side(&self) -> f32 {
        self.module() * self.width as f32
    }

    #[cfg(test)]
    #[expect(clippy::cast_precision_loss, reason = "at most 177")]
    pub(super) const fn modules_in_a_row(&self) -> f32 {
        self.width as f32
    }

    /// Draws it with its corner at the given place. Around it four modules must stay white.
    #[expect(clippy::cast_precision_loss, reason = "at most 177")]
    pub(super) fn draw(&self, page: &mut Page, corner: (f32, f32)) {
        let module = self.module();
        let rows = self.modules.chunks(self.width).enumerate();
        let bars = rows.flat_map(|(row, modules)| {
            let mut at = 0;
            modules.chunk_by(|a, b| a == b).filter_map(move |run| {
                let start = at;
                at += run.len();
                run[0].then_some((start as f32, row as f32, run.len() as f32, 1.0))
            })
        });
        page.boxes(corner, (module, module), bars);
    }
}
