//! Protobuf's wire format: each field is a tag, a type and a value, in any order.

use crate::error::{Error, Result};

/// The value of one field.
pub enum Value<'a> {
    Varint(u64),
    Fixed64([u8; 8]),
    /// Text, bytes, an inner message, or packed numbers.
    Bytes(&'a [u8]),
    Fixed32([u8; 4]),
}

/// The fields of a message in order. After an error there are no more fields.
pub struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n).ok_or_else(broken)?;
        self.0 = rest;
        Ok(taken)
    }

    fn take_array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| broken())
    }

    /// Each byte holds seven bits, the lowest first. Its eighth bit says that more bytes follow.
    fn varint(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = self.take_array()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(broken())
    }

    fn field(&mut self) -> Result<(u64, Value<'a>)> {
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(self.take_array()?),
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| broken())?;
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Fixed32(self.take_array()?),
            _ => return Err(broken()),
        };
        Ok((key >> 3, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

/// Reads integers, packed or one by one; writers may use either form.
pub fn push_integers(into: &mut Vec<i64>, value: &Value) -> Result<()> {
    match value {
        Value::Varint(number) => into.push(*number as i64),
        Value::Bytes(bytes) => {
            let mut packed = Fields::new(bytes);
            while !packed.0.is_empty() {
                into.push(packed.varint()? as i64);
            }
        }
        _ => return Err(broken()),
    }
    Ok(())
}

pub fn to_text(bytes: &[u8]) -> Result<String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| broken())
}

pub fn broken() -> Error {
    Error::Format("not an ONNX file, or a truncated one".into())
}
