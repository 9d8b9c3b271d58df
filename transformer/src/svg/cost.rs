//! What drawing costs at a size: the canvases that stand at once, and the samples that filters look at. A
//! model of what `resvg` does, on the safe side; the drawing is walked as it will be drawn, so that what is
//! used twice counts twice.

use resvg::tiny_skia::{NonZeroRect, Transform};
use resvg::usvg::filter::{Filter, Kind};
use resvg::usvg::{ClipPath, Fill, Group, Mask, Node, Paint, Path, Pattern, Stroke};

use crate::geometry::Size;

/// Bytes of a pixel of a canvas; of one that something else is cut by, with what is made of it.
const PIXEL: f64 = 4.0;
const CLIP_PIXEL: f64 = 5.0;
const MASK_PIXEL: f64 = 6.0;
/// How many times a side of the picture a layer's side may be.
const LAYER_SIDES_MAX: f64 = 5.0;
/// Canvases of a filter beside one for each result: its source, one in other colours, one in the making.
const FILTER_CANVASES: f64 = 3.0;

/// How something is drawn.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    /// From its own coordinates to pixels.
    transform: Transform,
    /// The most that a layer has.
    sides_max: (f64, f64),
}

impl Draft {
    /// Of a drawing whose coordinates are `scale` pixels apart, onto a canvas of `size`.
    pub(super) fn new(scale: (f64, f64), size: Size) -> Self {
        Self {
            transform: Transform::from_scale(scale.0 as f32, scale.1 as f32),
            sides_max: (
                LAYER_SIDES_MAX * f64::from(size.width),
                LAYER_SIDES_MAX * f64::from(size.height),
            ),
        }
    }

    fn within(self, transform: Transform) -> Self {
        Self {
            transform: self.transform.pre_concat(transform),
            ..self
        }
    }

    /// Pixels of a layer that has room for `area`.
    fn pixels(self, area: NonZeroRect) -> f64 {
        let side = |length: f32, most: f64| (f64::from(length).ceil() + 4.0).min(most).max(1.0);
        match area.transform(self.transform) {
            Some(area) => {
                side(area.width(), self.sides_max.0) * side(area.height(), self.sides_max.1)
            }
            None => self.sides_max.0 * self.sides_max.1,
        }
    }

    /// Bytes of all canvases that stand at the worst moment of drawing `group`, its own included.
    pub(super) fn bytes(self, group: &Group) -> f64 {
        let inside = self.within(group.transform());
        let children = most(group.children().iter().map(|node| inside.bytes_of(node)));
        if !group.should_isolate() {
            return children;
        }
        let pixels = inside.pixels(group.layer_bounding_box());
        let filters = most(group.filters().iter().map(|it| inside.filter(it, pixels)));
        let clip = group.clip_path().map_or(0.0, |it| inside.clip(it, pixels));
        let mask = group.mask().map_or(0.0, |it| inside.mask(it, pixels));
        pixels * PIXEL + children.max(filters).max(clip).max(mask)
    }

    fn bytes_of(self, node: &Node) -> f64 {
        match node {
            Node::Group(group) => self.bytes(group),
            Node::Path(path) => most(patterns(path).map(|pattern| self.pattern(pattern))),
            Node::Text(text) => self.bytes(text.flattened()),
            Node::Image(_) => 0.0,
        }
    }

    /// A pattern is drawn once, and then laid side by side.
    fn pattern(self, pattern: &Pattern) -> f64 {
        let (inside, pixels) = self.of_pattern(pattern);
        pixels * PIXEL + inside.bytes(pattern.root())
    }

    fn of_pattern(self, pattern: &Pattern) -> (Self, f64) {
        let (across, down) = self.within(pattern.transform()).transform.get_scale();
        let area = pattern.rect();
        let side = |length: f32, scale: f32| f64::from(length * scale).round().max(1.0);
        let inside = Self {
            transform: Transform::from_scale(across, down),
            ..self
        };
        (
            inside,
            side(area.width(), across) * side(area.height(), down),
        )
    }

    fn filter(self, filter: &Filter, pixels: f64) -> f64 {
        let primitives = filter.primitives();
        let drawn = primitives.iter().map(|primitive| match primitive.kind() {
            Kind::Image(image) => self.bytes(image.root()),
            _ => 0.0,
        });
        (primitives.len() as f64 + FILTER_CANVASES) * PIXEL * pixels + most(drawn)
    }

    fn mask(self, mask: &Mask, pixels: f64) -> f64 {
        let further = mask
            .mask()
            .map_or(0.0, |further| self.mask(further, pixels));
        MASK_PIXEL * pixels + self.bytes(mask.root()).max(further)
    }

    fn clip(self, clip: &ClipPath, pixels: f64) -> f64 {
        let further = clip
            .clip_path()
            .map_or(0.0, |further| self.clip(further, pixels));
        CLIP_PIXEL * pixels + self.clipped(clip.root(), pixels).max(further)
    }

    /// What a clip is made of, whose layers are all as large as what it cuts.
    fn clipped(self, group: &Group, pixels: f64) -> f64 {
        let children = group.children().iter().map(|node| match node {
            Node::Group(group) => self.clipped(group, pixels),
            _ => 0.0,
        });
        let own = group.clip_path();
        let own = own.map_or(0.0, |clip| PIXEL * pixels + self.clip(clip, pixels));
        most(children).max(own)
    }

    /// Samples that all filters below `group` look at.
    pub(super) fn filter_work(self, group: &Group) -> f64 {
        let inside = self.within(group.transform());
        let own: f64 = group
            .filters()
            .iter()
            .map(|it| inside.filter_samples(it, group))
            .sum();
        let cut = group.mask().map_or(0.0, |mask| inside.mask_work(mask));
        let children = group.children().iter().map(|node| match node {
            Node::Group(group) => inside.filter_work(group),
            Node::Path(path) => patterns(path)
                .map(|pattern| inside.of_pattern(pattern).0.filter_work(pattern.root()))
                .sum(),
            Node::Text(text) => inside.filter_work(text.flattened()),
            Node::Image(_) => 0.0,
        });
        own + cut + children.sum::<f64>()
    }

    fn mask_work(self, mask: &Mask) -> f64 {
        let further = mask.mask().map_or(0.0, |further| self.mask_work(further));
        self.filter_work(mask.root()) + further
    }

    fn filter_samples(self, filter: &Filter, group: &Group) -> f64 {
        let pixels = self.pixels(group.layer_bounding_box());
        let (across, down) = self.transform.get_scale();
        let windows = filter
            .primitives()
            .iter()
            .map(|primitive| match primitive.kind() {
                Kind::Morphology(wide) => {
                    let side = |radius: f32, scale: f32, most: f64| {
                        (2.0 * f64::from(radius * scale)).clamp(1.0, most.max(1.0))
                    };
                    side(wide.radius_x().get(), across, self.sides_max.0)
                        * side(wide.radius_y().get(), down, self.sides_max.1)
                }
                Kind::ConvolveMatrix(matrix) => {
                    let matrix = matrix.matrix();
                    f64::from(matrix.columns()) * f64::from(matrix.rows())
                }
                Kind::Turbulence(noise) => 10.0 * f64::from(noise.num_octaves()),
                Kind::Image(image) => 1.0 + self.filter_work(image.root()) / pixels,
                _ => 1.0,
            });
        pixels * windows.sum::<f64>()
    }
}

/// The patterns that a path is painted with.
fn patterns(path: &Path) -> impl Iterator<Item = &Pattern> {
    let fill = path.fill().map(Fill::paint);
    let stroke = path.stroke().map(Stroke::paint);
    [fill, stroke]
        .into_iter()
        .flatten()
        .filter_map(|paint| match paint {
            Paint::Pattern(pattern) => Some(&**pattern),
            _ => None,
        })
}

fn most(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}
