//! Versions of packages: `1.4.2`.

/// A version, in the order in which versions follow each other. What is left out is zero: `1.4` is `1.4.0`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u32; 3]);

impl Version {
    /// Reads one to three numbers with points between them; `None` for anything else.
    pub fn parse(text: &str) -> Option<Version> {
        let mut version = Version::default();
        let parts: Vec<&str> = text.split('.').collect();
        if parts.len() > version.0.len() {
            return None;
        }
        for (number, part) in version.0.iter_mut().zip(parts) {
            let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            *number = Some(part).filter(|_| is_number)?.parse().ok()?;
        }
        Some(version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_number_by_number() {
        let version = |text| Version::parse(text).unwrap();
        assert!(version("1.10.0") > version("1.9.9"));
        assert!(version("2") > version("1.99.99"));
        assert_eq!(version("1.4"), version("1.4.0"));
        for text in ["", "1.", "1.0.0.0", "v1", "1.0.0-rc", "+1", "1.-1", "99999999999"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
