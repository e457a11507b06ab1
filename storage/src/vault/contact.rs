//! A contact: how to reach a person. It shows nothing of itself unless it is asked field by field.

use super::VaultError;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The most bytes that name, phone and note have together, in UTF-8: a few hundred Chinese characters.
pub const CONTACT_BYTES_MAX: usize = PADDED_BYTES - 3 * LENGTH_BYTES;

/// All contacts are sealed at this length, so that the length tells nothing.
pub(super) const PADDED_BYTES: usize = 984;

const LENGTH_BYTES: usize = 2;

/// How to reach a person. Written over in memory when it is dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Contact {
    /// What the person is called.
    pub name: String,
    /// The number.
    pub phone: String,
    /// Whatever else helps, such as when to call.
    pub note: String,
}

impl Contact {
    fn fields(&self) -> [&str; 3] {
        [&self.name, &self.phone, &self.note]
    }

    /// How long it is, in UTF-8; at most [`CONTACT_BYTES_MAX`] can be sealed.
    pub fn bytes(&self) -> usize {
        self.fields().iter().map(|field| field.len()).sum()
    }

    /// Each field after its length, and zeros up to the common length.
    pub(super) fn padded(&self) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let bytes = self.bytes();
        if bytes == 0 {
            return Err(VaultError::Empty);
        }
        if bytes > CONTACT_BYTES_MAX {
            return Err(VaultError::TooLong { bytes, bytes_max: CONTACT_BYTES_MAX });
        }
        // With its whole room from the beginning, so that no half of it is left behind when it grows.
        let mut padded = Zeroizing::new(Vec::with_capacity(PADDED_BYTES));
        for field in self.fields() {
            padded.extend((field.len() as u16).to_le_bytes());
            padded.extend(field.as_bytes());
        }
        padded.resize(PADDED_BYTES, 0);
        Ok(padded)
    }

    pub(super) fn from_padded(mut padded: &[u8]) -> Option<Self> {
        let mut field = || {
            let (length, rest) = padded.split_first_chunk()?;
            let (text, rest) = rest.split_at_checked(u16::from_le_bytes(*length).into())?;
            padded = rest;
            Some(str::from_utf8(text).ok()?.to_owned())
        };
        Some(Self { name: field()?, phone: field()?, note: field()? })
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Contact(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(name: &str, phone: &str, note: &str) -> Contact {
        Contact { name: name.to_owned(), phone: phone.to_owned(), note: note.to_owned() }
    }

    #[test]
    fn a_contact_comes_back_from_its_padding_and_all_are_as_long() {
        let most = "x".repeat(CONTACT_BYTES_MAX);
        for contact in
            [contact("王阿姨", "13800138000", "下午三点以后"), contact("", "1", ""), contact(&most, "", "")]
        {
            let padded = contact.padded().unwrap();
            assert_eq!(padded.len(), PADDED_BYTES);
            assert_eq!(Contact::from_padded(&padded), Some(contact));
        }
        assert_eq!(contact("", "", "").padded().unwrap_err(), VaultError::Empty);
        let (bytes, bytes_max) = (CONTACT_BYTES_MAX + 1, CONTACT_BYTES_MAX);
        assert_eq!(contact(&most, "1", "").padded().unwrap_err(), VaultError::TooLong { bytes, bytes_max });
        assert_eq!(Contact::from_padded(&[255; PADDED_BYTES]), None);
    }

    #[test]
    fn v6_a_contact_shows_nothing_of_itself() {
        let contact = contact("王阿姨", "13800138000", "下午三点以后");
        assert_eq!(format!("{contact:?} {:#?}", Some(&contact)), "Contact(…) Some(\n    Contact(…),\n)");
    }
}
