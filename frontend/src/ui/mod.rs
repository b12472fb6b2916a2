//! The design system: one file for a component, named as its CSS class.
//!
//! A component's state is HTML and ARIA (`disabled`, `aria-busy`, `aria-invalid`, `aria-pressed` …), never a
//! class. Texts come in translated. The gallery (`/_/gallery`) shows every component in all its states.
//!
//! Values are controlled: a component shows the signal `value` and reports what the user does through
//! `on_input` (each change) or `on_change` (a finished one). `on_input=move |text| name.set(text)` is the
//! whole binding.

mod avatar;
mod badge;
mod banner;
mod beside;
mod breadcrumb;
mod button;
mod calendar;
mod cascader;
mod check;
mod chip;
mod colour;
mod date_input;
mod date_range;
mod dialog;
mod drawer;
mod empty;
mod field;
mod file_drop;
mod icon;
mod loaded;
mod logo;
mod menu;
mod moment_input;
mod multi_select;
mod number_input;
mod number_range;
mod options;
mod picker;
mod popover;
mod problem_code;
mod progress;
mod rating;
mod scan_button;
mod search_box;
mod segmented;
mod select;
mod signature_pad;
mod skeleton;
mod slider;
mod split_bar;
mod steps;
mod switch;
mod tabs;
mod text_area;
mod text_input;
mod tile;
mod time_input;
pub mod toast;
mod together;
mod tooltip;
mod tree_select;

pub use avatar::{Avatar, AvatarSize, ExpectedPerson, Person};
pub use badge::{Badge, Count, CountTone};
pub use banner::Banner;
pub use beside::BesideTabs;
pub use breadcrumb::{Breadcrumb, Crumb};
pub(crate) use button::classes;
pub use button::{Button, ButtonKind, ControlSize, IconButton, press_by_key};
pub use calendar::{Calendar, MonthGrid};
pub use cascader::Cascader;
pub use check::{Checkbox, Radio};
pub use chip::Chip;
pub use colour::colour_of;
pub use date_input::{DateInput, DateInputKind};
pub use date_range::{DateRange, NamedRange};
pub use dialog::{ConfirmDialog, Dialog, DialogSize};
pub use drawer::Drawer;
pub use empty::Empty;
pub use field::{CellField, Field, FieldContext, label_of, unique_id};
pub use file_drop::{CameraButton, FileDrop};
pub use icon::{Icon, IconSize, NAMES as ICON_NAMES, icon_or};
pub use loaded::{Loaded, LoadedUnheld, ProblemView, unheld};
pub use logo::Logo;
pub use menu::{Menu, MenuButton, MenuItem, MenuLine, MenuTitle};
pub use moment_input::MomentInput;
pub use multi_select::MultiSelect;
pub use number_input::NumberInput;
pub use number_range::NumberRange;
pub use options::{Choice, ChoiceChip, learn_sounds, may_sound, sounds_like};
pub(crate) use options::{SEARCH_FROM, matching};
pub use picker::{Found, Picker, Searching};
pub use popover::{Placement, Popover};
pub use problem_code::ProblemCode;
pub use progress::Progress;
pub use rating::{Rating, Stars};
pub use scan_button::ScanButton;
pub use search_box::SearchBox;
pub use segmented::{Segment, Segmented};
pub(crate) use select::ChoiceList;
pub use select::Select;
pub use signature_pad::SignaturePad;
pub use skeleton::Skeleton;
pub use slider::Slider;
pub use split_bar::{Split, SplitBar};
pub use steps::Steps;
pub use switch::Switch;
pub use tabs::{Tab, Tabs, walk_tabs};
pub use text_area::TextArea;
pub use text_input::{InputType, TextInput};
pub use tile::Tile;
pub use time_input::TimeInput;
pub use toast::Toasts;
pub use together::{Together, wait_for};
pub use tooltip::Tooltips;
pub use tree_select::{Branch, TreeSelect};

/// What a badge, banner or progress bar means; each has its own colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Accent,
    Success,
    Warning,
    Danger,
    Info,
}

impl Tone {
    /// The modifier class of the style sheets.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Neutral => "",
            Tone::Accent => "accent",
            Tone::Success => "success",
            Tone::Warning => "warning",
            Tone::Danger => "danger",
            Tone::Info => "info",
        }
    }
}
