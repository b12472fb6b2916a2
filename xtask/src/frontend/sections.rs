//! The sections of a WebAssembly module, read just far enough to mend or to drop some.

use anyhow::{Context, Result};

/// The magic number and the version.
const HEADER: usize = 8;
/// Sections that say something about a module without being of it: names of functions, flags of tools.
const CUSTOM: u8 = 0;

/// A section, and where it lies in the module.
pub struct Section {
    pub id: u8,
    /// Where it starts, with its head.
    start: usize,
    /// Where what is in it starts.
    pub content: usize,
    end: usize,
}

/// A module without the names of its functions and other remarks.
pub fn without_remarks(module: &[u8]) -> Result<Vec<u8>> {
    let mut kept = module.get(..HEADER).context(ENDS_EARLY)?.to_vec();
    let mut reader = Reader::new(module);
    while let Some(section) = reader.section()? {
        if section.id != CUSTOM {
            kept.extend_from_slice(module.get(section.start..section.end).context(ENDS_EARLY)?);
        }
    }
    Ok(kept)
}

const ENDS_EARLY: &str = "a module that ends early";

/// Reads a module from a place on.
pub struct Reader<'a> {
    module: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// From the first section on.
    pub fn new(module: &'a [u8]) -> Self {
        Self::at(module, HEADER)
    }

    pub fn at(module: &'a [u8], at: usize) -> Self {
        Self { module, at }
    }

    /// Where it is.
    pub fn place(&self) -> usize {
        self.at
    }

    /// The next section, which is passed over; none at the end of the module.
    pub fn section(&mut self) -> Result<Option<Section>> {
        if self.at == self.module.len() {
            return Ok(None);
        }
        let start = self.at;
        let (id, size) = (self.byte()?, self.number()?);
        let content = self.at;
        self.bytes(size)?;
        Ok(Some(Section { id, start, content, end: self.at }))
    }

    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(count).context(ENDS_EARLY)?;
        let bytes = self.module.get(self.at..end).context(ENDS_EARLY)?;
        self.at = end;
        Ok(bytes)
    }

    pub fn byte(&mut self) -> Result<u8> {
        self.bytes(1)?.first().copied().context(ENDS_EARLY)
    }

    /// A number of up to 32 bits: seven in each byte, the lowest first.
    pub fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        anyhow::bail!("a module with a number that is too long")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_dropped() {
        let module = b"\0asm\x01\0\0\0\0\x03\x01nx\x07\x01\0\0\x02\x01m";
        assert_eq!(without_remarks(module).unwrap(), b"\0asm\x01\0\0\0\x07\x01\0");
    }

    #[test]
    fn long_numbers_are_read() {
        assert_eq!(Reader::at(&[0xe5, 0x8e, 0x26], 0).number().unwrap(), 624_485);
        assert!(Reader::at(&[0xff; 6], 0).number().is_err());
    }

    #[test]
    fn a_module_that_ends_early_is_refused() {
        assert!(without_remarks(b"\0asm\x01\0\0\0\x07\x05\0").is_err());
        assert!(without_remarks(b"\0asm").is_err());
    }
}
