//! Where tiles stand when some are left out.

use wire::TileFrame;

/// Columns of a dashboard's grid.
const COLUMNS: u32 = 24;

/// Column, row, width and height.
type Place = [u32; 4];

/// The tiles closed up in the order in which they are read: each stands where there is room for it first.
pub fn closed_up(mut frames: Vec<TileFrame>) -> Vec<TileFrame> {
    frames.sort_by_key(|frame| (frame.at[1], frame.at[0]));
    let mut placed: Vec<Place> = Vec::new();
    for frame in &mut frames {
        let [_, _, width, height] = frame.at;
        frame.at = first_room(&placed, width, height);
        placed.push(frame.at);
    }
    frames
}

fn first_room(placed: &[Place], width: u32, height: u32) -> Place {
    let bottom = placed.iter().map(|[_, row, _, height]| row + height).max().unwrap_or_default();
    let rows = (0..bottom).flat_map(|row| (0..=COLUMNS.saturating_sub(width)).map(move |at| (at, row)));
    let mut places = rows.map(|(column, row)| [column, row, width, height]);
    let free = |place: &Place| placed.iter().all(|other| !overlap(*place, *other));
    places.find(free).unwrap_or([0, bottom, width, height])
}

fn overlap(one: Place, other: Place) -> bool {
    let [left, top, width, height] = one;
    let [left_too, top_too, width_too, height_too] = other;
    left < left_too + width_too
        && left_too < left + width
        && top < top_too + height_too
        && top_too < top + height
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(at: &[Place]) -> Vec<Place> {
        let frame = |at: &Place| TileFrame {
            key: String::new(),
            label: engine::text::Label::from(""),
            at: *at,
            kind: "figure".to_string(),
            report: None,
            has_records: false,
            filters: Vec::new(),
            withheld: None,
        };
        closed_up(at.iter().map(frame).collect()).into_iter().map(|frame| frame.at).collect()
    }

    #[test]
    fn a_whole_page_stays_as_it_is() {
        let page = [[0, 0, 6, 3], [6, 0, 18, 3], [0, 3, 12, 8], [12, 3, 12, 8]];
        assert_eq!(places(&page), page);
    }

    #[test]
    fn tiles_close_up_over_a_gap() {
        assert_eq!(places(&[[12, 0, 6, 3], [0, 11, 12, 8]]), [[0, 0, 6, 3], [6, 0, 12, 8]]);
        assert_eq!(places(&[[0, 0, 24, 3], [12, 18, 12, 6]]), [[0, 0, 24, 3], [0, 3, 12, 6]]);
    }
}
