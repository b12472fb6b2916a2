//! The mouse at places of the window, and what is dragged or drawn with it: the browser's own, not events made by hand.

use serde_json::json;

use super::Browser;

/// A place in the window, in pixels from its left and its top.
pub type Point = (u32, u32);

/// How a page shows a drag: CSS selectors of what is there while something is dragged, and while it may land where it is.
#[derive(Clone, Copy, Debug)]
pub struct Dragging {
    pub dragged: &'static str,
    pub lands: &'static str,
}

impl Browser {
    /// The middle of the first element for a CSS selector, as it lies in the window now.
    pub async fn middle_of(&self, css: &str) -> Point {
        self.place_in(css, (50, 50)).await
    }

    /// A place in the first element for a CSS selector, so many hundredths of it from its left and its top, as it lies in the
    /// window now.
    pub async fn place_in(&self, css: &str, (across, down): (u32, u32)) -> Point {
        self.find(css).await;
        let place = self
            .script(&format!(
                "const box = document.querySelector({}).getBoundingClientRect(); \
                 return [Math.round(box.left + box.width * {across} / 100), Math.round(box.top + box.height * {down} / 100)]",
                json!(css)
            ))
            .await;
        let number = |at: usize| u32::try_from(place[at].as_u64().expect("it lies in the window")).unwrap();
        (number(0), number(1))
    }

    /// Presses and lets go at a place.
    pub async fn press_at(&self, at: Point) {
        self.mouse("mouseMoved", at, 0).await;
        self.mouse("mousePressed", at, 1).await;
        self.mouse("mouseReleased", at, 0).await;
    }

    /// Presses at a place and does not let go: what is there is drawn on by [`Browser::draw_to`], where the browser drags nothing.
    pub async fn press_down(&self, at: Point) {
        self.mouse("mouseMoved", at, 0).await;
        self.mouse("mousePressed", at, 1).await;
    }

    /// Moves the pressed mouse from one place to another, through what lies between.
    pub async fn draw_to(&self, from: Point, to: Point) {
        const STEPS: u32 = 6;
        for step in 1..=STEPS {
            let between = |from: u32, to: u32| (from * (STEPS - step) + to * step) / STEPS;
            self.mouse("mouseMoved", (between(from.0, to.0), between(from.1, to.1)), 1).await;
        }
    }

    /// Lets the mouse go that was pressed down at a place.
    pub async fn release(&self, at: Point) {
        self.mouse("mouseReleased", at, 0).await;
    }

    /// Presses at a place, moves over others with the button held, and lets go at the last of them.
    pub async fn draw(&self, from: Point, over: &[Point]) {
        self.press_down(from).await;
        let mut at = from;
        for next in over {
            self.draw_to(at, *next).await;
            at = *next;
        }
        self.release(at).await;
    }

    /// Presses at a place and moves down until the browser begins to drag, which a script says; what follows is told to the
    /// page by [`Browser::carry`], as the system would.
    pub async fn take_up(&self, (x, y): Point, is_dragged: &str) {
        self.developer_tools("Input.setInterceptDrags", json!({"enabled": true})).await;
        self.mouse("mousePressed", (x, y), 1).await;
        for down in [4, 8, 16] {
            self.mouse("mouseMoved", (x, y + down), 1).await;
        }
        assert!(self.until(async || self.script(is_dragged).await == true).await, "nothing is dragged");
        self.carry("dragEnter", (x, y + 16)).await;
    }

    /// What is dragged comes to a place: `dragEnter`, `dragOver` or `drop`.
    pub async fn carry(&self, kind: &str, (x, y): Point) {
        let data =
            json!({"items": [{"mimeType": "text/plain", "data": "dragged"}], "dragOperationsMask": 19});
        let event = json!({"type": kind, "x": x, "y": y, "data": data});
        // An element that is come to is told only that; that something is over it, it is told from the next time on. A system
        // says so over and over.
        let times = if kind == "dragOver" { 2 } else { 1 };
        for _ in 0..times {
            self.developer_tools("Input.dispatchDragEvent", event.clone()).await;
        }
    }

    /// Lets go of what is dragged at a place.
    pub async fn let_go(&self, at: Point) {
        for kind in ["dragOver", "drop"] {
            self.carry(kind, at).await;
        }
        self.mouse("mouseReleased", at, 0).await;
        self.developer_tools("Input.setInterceptDrags", json!({"enabled": false})).await;
    }

    /// Drags the first element for a CSS selector to a place in another one, so many hundredths of it from its left and its top,
    /// and lets it go there once the page shows that it would land. Two more selectors find what says that something is dragged,
    /// and where it would land.
    pub async fn drag(&self, what: &str, (onto, place): (&str, (u32, u32)), says: Dragging) {
        self.find(what).await;
        self.scroll_to(what).await;
        let is_dragged = format!("return document.querySelector({}) !== null", json!(says.dragged));
        self.take_up(self.middle_of(what).await, &is_dragged).await;
        // Where something may land is sometimes drawn only now, and whoever holds something over a place tells it over and over.
        let would_land = format!("return document.querySelector({}) !== null", json!(says.lands));
        let shown = async || {
            let to = self.place_in_sight(onto, place).await;
            self.carry("dragOver", to).await;
            self.script(&would_land).await == true
        };
        assert!(self.until(shown).await, "{what} would not land on {onto}");
        self.let_go(self.place_in_sight(onto, place).await).await;
        let is_over = format!("return document.querySelector({}) === null", json!(says.lands));
        assert!(self.until(async || self.script(&is_over).await == true).await, "{what} is still dragged");
    }

    async fn place_in_sight(&self, css: &str, place: (u32, u32)) -> Point {
        self.find(css).await;
        self.scroll_to(css).await;
        self.place_in(css, place).await
    }

    /// Scrolls as far as the first element for a CSS selector, if it does not lie in the window.
    async fn scroll_to(&self, css: &str) {
        let scroll = "document.querySelector(CSS)?.scrollIntoView({block: 'nearest', inline: 'nearest'})";
        self.script(&scroll.replace("CSS", &json!(css).to_string())).await;
    }

    async fn mouse(&self, kind: &str, (x, y): Point, buttons: u32) {
        let button = if kind == "mouseMoved" && buttons == 0 { "none" } else { "left" };
        let event =
            json!({"type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": 1});
        self.developer_tools("Input.dispatchMouseEvent", event).await;
    }
}
