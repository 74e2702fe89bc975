//! What is painted on a page, where, and can it be seen? One run of the interpreter tells all of it; nothing is
//! decoded or drawn.

use hayro_interpret::font::{Glyph as FontGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::{ObjectIdentifier, Stream};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect, Shape, Vec2};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, Paint, SoftMask, interpret_page,
};
use records::reading::Fault;

use super::sizes;
use crate::decode::Limits;

/// Calls after which a page's drawing is taken to be endless (forms that call themselves).
const MOST_CALLS: u32 = 1_000_000;
const MOST_GLYPHS: usize = 500_000;
/// Opaque rectangles whose hiding of earlier text is followed; a page has some dozens.
const MOST_COVERS: usize = 2000;

/// Lengths are in points of the page as it is shown: turned by `/Rotate`, cropped, origin top left, y down.
pub(super) struct Scene {
    pub(super) page: Rect,
    pub(super) glyphs: Vec<Glyph>,
    /// The first image; the only one where `images` is 1.
    pub(super) image: Option<Drawn>,
    pub(super) images: usize,
    /// Extent of what was painted before the first image; white areas count as paper.
    pub(super) under: Option<Rect>,
    /// Something is painted after the first image.
    pub(super) over: bool,
}

/// An image as it is painted.
pub(super) struct Drawn {
    /// `None` for an image within the page's own operators.
    pub(super) id: Option<ObjectIdentifier>,
    /// From its pixels to the page.
    pub(super) transform: Affine,
    pub(super) place: Rect,
    /// What the clip leaves of it.
    pub(super) shown: Rect,
    /// Nothing shines through, and what is clipped away is a rectangle.
    pub(super) plain: bool,
    pub(super) stencil: bool,
}

/// One character, its baseline and its size.
pub(super) struct Glyph {
    /// `None` where the font does not say which character it is.
    pub(super) text: Option<String>,
    pub(super) start: Point,
    pub(super) end: Point,
    /// From the baseline to the height of the font's em.
    pub(super) up: Vec2,
    pub(super) seen: bool,
    order: u32,
}

impl Glyph {
    pub(super) fn centre(&self) -> Point {
        self.start.midpoint(self.end) + self.up * 0.3
    }
}

/// The unwinding of a page whose drawing has no end.
pub(super) struct Endless;

impl Scene {
    /// # Errors
    /// [`records::reading::FaultCode::TooLarge`] for an image above the limits, before any is decoded.
    pub(super) fn of<'a>(
        page: &Page<'a>,
        cache: &InterpreterCache<'a>,
        limits: &Limits,
    ) -> Result<Self, Fault> {
        let (width, height) = page.render_dimensions();
        let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let transform = Affine::new(page.initial_transform(true).as_coeffs());
        let settings = InterpreterSettings::default();
        let mut context = Context::new(transform, bounds, cache, page.xref(), settings);
        let mut watcher = Watcher {
            scene: Self {
                page: bounds,
                glyphs: Vec::new(),
                image: None,
                images: 0,
                under: None,
                over: false,
            },
            limits: *limits,
            clips: vec![Clip { rect: bounds, rectangular: true }],
            groups: vec![Group { opacity: 1.0, plain: true }],
            covers: Vec::new(),
            last_fill: None,
            calls: 0,
            fault: None,
        };
        interpret_page(page, &mut context, &mut watcher);
        watcher.scene()
    }
}

struct Watcher {
    scene: Scene,
    limits: Limits,
    clips: Vec<Clip>,
    groups: Vec<Group>,
    /// Where something opaque was painted, and when.
    covers: Vec<(u32, Rect)>,
    /// First glyph and length of the run filled last: outlines of the same run are not new text.
    last_fill: Option<(Affine, usize)>,
    calls: u32,
    fault: Option<Fault>,
}

#[derive(Clone, Copy)]
struct Clip {
    rect: Rect,
    rectangular: bool,
}

#[derive(Clone, Copy)]
struct Group {
    opacity: f32,
    /// Neither masked nor blended.
    plain: bool,
}

impl Watcher {
    fn scene(mut self) -> Result<Scene, Fault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        for glyph in self.scene.glyphs.iter_mut().filter(|glyph| glyph.seen) {
            let centre = glyph.centre();
            glyph.seen =
                !self.covers.iter().any(|(order, rect)| *order > glyph.order && rect.contains(centre));
        }
        Ok(self.scene)
    }

    fn tick(&mut self) {
        self.calls += 1;
        if self.calls > MOST_CALLS {
            // The interpreter cannot be told to stop; unwinding without a panic message is the only way out.
            std::panic::resume_unwind(Box::new(Endless));
        }
    }

    fn clip(&self) -> Clip {
        *self.clips.last().expect("the page's own clip is never popped")
    }

    fn group(&self) -> Group {
        *self.groups.last().expect("the page's own group is never popped")
    }

    /// Something is painted within `rect`.
    fn mark(&mut self, rect: Rect, white: bool) {
        let rect = rect.intersect(self.clip().rect);
        if self.group().opacity <= 0.0 || rect.width() < 0.0 || rect.height() < 0.0 {
            return;
        }
        if self.scene.images > 0 {
            self.scene.over = true;
        } else if !white {
            self.scene.under = Some(self.scene.under.map_or(rect, |under| under.union(rect)));
        }
    }

    fn cover(&mut self, rect: Rect) {
        let rect = rect.intersect(self.clip().rect);
        let worth = !self.scene.glyphs.is_empty() && rect.width() > 1.0 && rect.height() > 1.0;
        if worth && self.clip().rectangular && self.covers.len() < MOST_COVERS {
            self.covers.push((self.calls, rect));
        }
    }

    fn glyph(&mut self, glyph: &FontGlyph<'_>, transform: Affine, seen: bool) {
        let advance = match glyph {
            FontGlyph::Outline(outline) => outline.advance_width(),
            FontGlyph::Type3(drawn) => drawn.advance_width(),
        };
        let (start, end) =
            (transform * Point::ZERO, transform * Point::new(f64::from(advance.unwrap_or(0.0)), 0.0));
        let up = transform * Point::new(0.0, 1000.0) - start;
        let text = glyph.as_unicode().map(|unicode| match unicode {
            BfString::Char(c) => c.to_string(),
            BfString::String(s) => s,
        });
        let mut glyph = Glyph { text, start, end, up, seen, order: self.calls };
        let finite = [start.x, start.y, end.x, end.y, up.x, up.y].iter().all(|v| v.is_finite());
        if finite && self.scene.glyphs.len() < MOST_GLYPHS {
            glyph.seen &= self.clip().rect.contains(glyph.centre());
            self.scene.glyphs.push(glyph);
        }
    }
}

impl<'a> Device<'a> for Watcher {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.tick();
        let bbox = props.transform.transform_rect_bbox(path.bounding_box());
        if let Some(paint) = painted(&props) {
            let line = match mode {
                DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => f64::from(stroke.line_width),
                _ => 0.0,
            };
            let wide = line * props.transform.determinant().abs().sqrt() / 2.0;
            self.mark(bbox.inflate(wide, wide), paint == Ink::White);
        }
    }

    fn draw_rect(&mut self, rect: &Rect, props: DrawProps<'a>, mode: &DrawMode) {
        self.tick();
        let fills = matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..));
        let opaque = matches!(&props.paint, Paint::Color(color) if color.to_rgba().components()[3] >= 1.0)
            && props.soft_mask.is_none()
            && props.blend_mode == BlendMode::Normal
            && self.group().plain
            && self.group().opacity >= 1.0;
        if fills && opaque && is_upright(props.transform) {
            self.cover(props.transform.transform_rect_bbox(*rect));
        }
        self.draw_path(&rect.to_path(0.1), props, mode);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.tick();
        let Some(first) = run.glyphs().first() else { return };
        let key = (props.transform * first.transform(), run.glyphs().len());
        if matches!(mode, DrawMode::Stroke(_)) && self.last_fill == Some(key) {
            return;
        }
        self.last_fill = Some(key);
        let seen =
            !matches!(mode, DrawMode::Invisible) && painted(&props).is_some() && self.group().opacity > 0.0;
        let before = self.scene.glyphs.len();
        for glyph in run.glyphs() {
            self.glyph(glyph, props.transform * glyph.transform(), seen);
        }
        let blank = |glyph: &Glyph| glyph.text.as_ref().is_some_and(|text| text.trim().is_empty());
        let marks = self.scene.glyphs[before..].iter().filter(|glyph| glyph.seen && !blank(glyph));
        if let Some(rect) = marks.map(extent).reduce(|a, b| a.union(b)) {
            self.mark(rect, false);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.tick();
        let (width, height) = (image.width(), image.height());
        let (id, fault, masked) = match &image {
            Image::Stencil(stencil) => looked_at(stencil.stream(), &self.limits),
            Image::Raster(raster) => looked_at(raster.stream(), &self.limits),
        };
        if self.fault.is_none() {
            self.fault = fault;
        }
        let place =
            props.transform.transform_rect_bbox(Rect::new(0.0, 0.0, f64::from(width), f64::from(height)));
        let (clip, group) = (self.clip(), self.group());
        let shown = place.intersect(clip.rect);
        if shown.width() <= 0.0 || shown.height() <= 0.0 || group.opacity <= 0.0 {
            return;
        }
        let stencil = matches!(image, Image::Stencil(_));
        let plain = group.plain
            && group.opacity >= 1.0
            && !masked
            && clip.rectangular
            && props.soft_mask.is_none()
            && props.blend_mode == BlendMode::Normal;
        if plain && !stencil && is_upright(props.transform) {
            self.cover(place);
        }
        self.scene.images += 1;
        if self.scene.image.is_none() {
            self.scene.image = Some(Drawn { id, transform: props.transform, place, shown, plain, stencil });
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.tick();
        let (outer, rect) = (self.clip(), clip.path.bounding_box());
        let straight = (clip.path.area().abs() - rect.area()).abs() <= rect.area() * 1e-3;
        let rect = rect.intersect(outer.rect);
        self.clips.push(Clip { rect, rectangular: outer.rectangular && straight });
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend_mode: BlendMode) {
        self.tick();
        let outer = self.group();
        let plain = outer.plain && mask.is_none() && blend_mode == BlendMode::Normal;
        self.groups.push(Group { opacity: outer.opacity * opacity, plain });
    }

    fn pop_clip(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn pop_transparency_group(&mut self) {
        if self.groups.len() > 1 {
            self.groups.pop();
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Ink {
    White,
    Any,
}

/// What a drawing leaves behind: nothing where it is transparent.
fn painted(props: &DrawProps<'_>) -> Option<Ink> {
    match &props.paint {
        Paint::Color(color) => {
            let [r, g, b, alpha] = color.to_rgba().components();
            let white = r >= 0.99 && g >= 0.99 && b >= 0.99;
            (alpha > 0.0).then_some(if white { Ink::White } else { Ink::Any })
        }
        Paint::Pattern(_) => Some(Ink::Any),
    }
}

fn looked_at(stream: &Stream<'_>, limits: &Limits) -> (Option<ObjectIdentifier>, Option<Fault>, bool) {
    let dict = stream.dict();
    let in_data = dict.get::<u8>("SMaskInData").is_some_and(|v| v != 0);
    let masked = in_data || dict.contains_key("SMask") || dict.contains_key("Mask");
    (dict.obj_id(), sizes::admit_image(stream, limits).err(), masked)
}

fn is_upright(transform: Affine) -> bool {
    let [a, b, c, d, ..] = transform.as_coeffs();
    (b.abs() < 1e-6 && c.abs() < 1e-6) || (a.abs() < 1e-6 && d.abs() < 1e-6)
}

fn extent(glyph: &Glyph) -> Rect {
    Rect::from_points(glyph.start, glyph.end + glyph.up)
}
