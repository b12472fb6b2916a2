//! Colours that follow from a name.

/// One of `colours`, the same for the same name everywhere.
pub fn colour_of<T: Copy>(name: &str, colours: &[T]) -> Option<T> {
    // FNV-1a: short names that differ in one letter lie far apart.
    let hash =
        name.bytes().fold(0x811c_9dc5u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    colours.get((hash >> 16) as usize % colours.len().max(1)).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_name_keeps_its_colour() {
        let colours = [1, 2, 3, 4, 5, 6, 7, 8];
        assert_eq!(colour_of("林若溪", &colours), colour_of("林若溪", &colours));
        let names = ["crm", "inventory", "loyalty", "roi", "base", "office", "shop", "leave"];
        let seen: BTreeSet<_> = names.iter().filter_map(|name| colour_of(name, &colours)).collect();
        assert!(seen.len() >= 4, "{seen:?}");
    }
}
