//! A call as bytes: numbers of variable length, texts by their lengths.

/// A call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record<'t> {
    pub at: u64,
    pub fuel: u64,
    pub duration: u64,
    pub failed: bool,
    pub name: &'t str,
    pub arguments: &'t str,
    pub result: &'t str,
    /// Stretches of memory, packed.
    pub kept: &'t [u8],
}

/// Writes a call; its time is counted from `since`.
pub(super) fn push(data: &mut Vec<u8>, record: &Record<'_>, since: u64, scope: u64) {
    // A fresh instance may have a clock that begins anew: the difference wraps around.
    push_number(data, record.at.wrapping_sub(since));
    push_number(data, record.fuel);
    push_number(data, record.duration);
    push_number(data, scope << 1 | u64::from(record.failed));
    for text in [record.name, record.arguments, record.result] {
        push_bytes(data, text.as_bytes());
    }
    data.extend_from_slice(record.kept);
}

/// The call in `data`, all of it, and its scope.
pub(super) fn read(mut data: &[u8], since: u64) -> Option<(Record<'_>, u64)> {
    let data = &mut data;
    let at = since.wrapping_add(number(data)?);
    let fuel = number(data)?;
    let duration = number(data)?;
    let scope = number(data)?;
    let mut text = || std::str::from_utf8(bytes(data)?).ok();
    let (name, arguments, result) = (text()?, text()?, text()?);
    let record = Record {
        at,
        fuel,
        duration,
        failed: scope & 1 != 0,
        name,
        arguments,
        result,
        kept: data,
    };
    Some((record, scope >> 1))
}

/// Writes a stretch of memory.
pub(super) fn push_stretch(data: &mut Vec<u8>, name: &str, address: u32, bytes: &[u8]) {
    push_bytes(data, name.as_bytes());
    push_number(data, address.into());
    push_bytes(data, bytes);
}

/// The stretches in `data`.
pub(super) fn stretches(mut data: &[u8]) -> Vec<(String, u32, Vec<u8>)> {
    let mut stretches = Vec::new();
    let data = &mut data;
    while let Some(name) = bytes(data)
        && let Some(address) = number(data)
        && let Some(kept) = bytes(data)
    {
        let name = String::from_utf8_lossy(name).into_owned();
        let address = u32::try_from(address).unwrap_or_default();
        stretches.push((name, address, kept.to_vec()));
    }
    stretches
}

fn push_bytes(data: &mut Vec<u8>, bytes: &[u8]) {
    push_number(data, bytes.len() as u64);
    data.extend_from_slice(bytes);
}

fn push_number(data: &mut Vec<u8>, mut number: u64) {
    while let Ok(low) = u8::try_from(number & 0x7f) {
        number >>= 7;
        if number == 0 {
            data.push(low);
            return;
        }
        data.push(low | 0x80);
    }
}

fn bytes<'t>(data: &mut &'t [u8]) -> Option<&'t [u8]> {
    let length = usize::try_from(number(data)?).ok()?;
    let (bytes, rest) = data.split_at_checked(length)?;
    *data = rest;
    Some(bytes)
}

fn number(data: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = data.split_first()?;
        *data = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
