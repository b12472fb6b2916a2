//! What lies next to the pictures of the design reference: which page, in which state, under the name of the picture.

/// A picture of the reference and the page that it shows.
pub struct Picture {
    /// The name of its file, without the ending.
    pub name: &'static str,
    page: &'static str,
    language: &'static str,
    theme: &'static str,
    size: &'static str,
    /// What the address says more.
    pub query: &'static str,
    /// JavaScript that runs before the picture is taken; nothing if empty.
    pub first: &'static str,
}

impl Picture {
    const fn of(name: &'static str, page: &'static str) -> Picture {
        Picture { name, page, language: "zh-CN", theme: "light", size: "desktop", query: "", first: "" }
    }

    const fn dark(self) -> Picture {
        Picture { theme: "dark", ..self }
    }

    const fn on_a_phone(self) -> Picture {
        Picture { size: "phone", ..self }
    }

    const fn speaking(self, language: &'static str) -> Picture {
        Picture { language, ..self }
    }

    const fn asking(self, query: &'static str) -> Picture {
        Picture { query, ..self }
    }

    const fn after(self, first: &'static str) -> Picture {
        Picture { first, ..self }
    }

    /// Whether it is of the page with this name, in this language, theme and size.
    pub fn is_of(&self, here: (&str, &str, &str, &str)) -> bool {
        (self.page, self.language, self.theme, self.size) == here
    }
}

/// Opens the first record in the drawer, as a press on its name does.
const OPEN_FIRST: &str = "document.querySelector('[role=grid] tbody tr:not(.gap) td:nth-child(2)')?.click()";
/// Chooses a field that a formula computes and opens the editor of the formula, whose button is in the side then.
const OPEN_FORMULA: &str = "document.querySelector('.canvas .slot:has(.rule-badge.fx)')?.click(); \
    setTimeout(() => document.querySelector('.pane.right .formula-open')?.click(), 60)";
/// Asks to save what is not filled in yet, so that faults are shown.
const SUBMIT: &str = "document.querySelector('.save-bar .btn.primary')?.click()";
/// Scrolls the gallery as far as the second, third … picture of it begins.
const DOWN: [&str; 5] = [
    "document.querySelector('.gallery').scrollTo(0, 860); scrollTo(0, 860)",
    "document.querySelector('.gallery').scrollTo(0, 1720); scrollTo(0, 1720)",
    "document.querySelector('.gallery').scrollTo(0, 2580); scrollTo(0, 2580)",
    "document.querySelector('.gallery').scrollTo(0, 3440); scrollTo(0, 3440)",
    "document.querySelector('.gallery').scrollTo(0, 4300); scrollTo(0, 4300)",
];

/// All pictures of the reference: those that `docs/design-review.md` goes through.
pub const PICTURES: &[Picture] = &[
    Picture::of("approve-phone", "task").on_a_phone(),
    Picture::of("designer", "designer-quotation"),
    Picture::of("designer-dark", "designer-quotation").dark(),
    Picture::of("fill", "new-order").after(SUBMIT),
    Picture::of("fill-hant", "new-order").speaking("zh-TW").after(SUBMIT),
    Picture::of("fill-phone", "new-order").on_a_phone().after(SUBMIT),
    Picture::of("flow", "flow-quotation"),
    Picture::of("formula", "designer-quotation").after(OPEN_FORMULA),
    Picture::of("gallery", "gallery"),
    Picture::of("gallery-2", "gallery").after(DOWN[0]),
    Picture::of("gallery-3", "gallery").after(DOWN[1]),
    Picture::of("gallery-4", "gallery").after(DOWN[2]),
    Picture::of("gallery-5", "gallery").after(DOWN[3]),
    Picture::of("gallery-6", "gallery").after(DOWN[4]),
    Picture::of("grid", "grid-customer").after(OPEN_FIRST),
    Picture::of("grid-compact", "grid-customer").asking("?height=compact"),
    Picture::of("grid-dark", "grid-customer").dark().after(OPEN_FIRST),
    Picture::of("grid-phone", "grid-customer").on_a_phone(),
    Picture::of("home", "home"),
    Picture::of("home-phone", "home").on_a_phone(),
    Picture::of("inbox", "task"),
    Picture::of("inbox-dark", "task").dark(),
    Picture::of("inbox-en", "task").speaking("en"),
    Picture::of("inbox-phone", "inbox").on_a_phone(),
    Picture::of("permissions", "permissions-customer"),
    Picture::of("public", "public-wish"),
    Picture::of("public-phone", "public-wish").on_a_phone(),
    Picture::of("report", "report-roi.overview"),
    Picture::of("report-dark", "report-roi.overview").dark(),
    Picture::of("report-phone", "report-roi.overview").on_a_phone(),
    Picture::of("setup", "start"),
    Picture::of("signin", "sign-in"),
    Picture::of("templates", "templates"),
];
