//! What is typed to go to, and to search for.

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAnAddress {
    #[error("type an address: 0x1f00, or 7936")]
    Empty,
    #[error("“{0}” is no address: write 0x1f00, or 7936")]
    Text(String),
    #[error("{0:#x} is beyond the end: memory has {1:#x} bytes")]
    Beyond(u64, u64),
}

/// The address that is typed, in hex or decimal, in a memory of `size` bytes.
pub(crate) fn address(text: &str, size: u64) -> Result<u64, NotAnAddress> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NotAnAddress::Empty);
    }
    let plain = text.replace(['_', ','], "");
    let hex = plain
        .strip_prefix("0x")
        .or_else(|| plain.strip_prefix("0X"));
    let digits = hex.unwrap_or(&plain);
    let radix = if hex.is_some() { 16 } else { 10 };
    // A sign would be taken too.
    let is_number = digits.chars().all(|digit| digit.is_digit(radix));
    let address = u64::from_str_radix(digits, radix).ok();
    match address.filter(|_| is_number) {
        None => Err(NotAnAddress::Text(text.to_owned())),
        Some(address) if address >= size => Err(NotAnAddress::Beyond(address, size)),
        Some(address) => Ok(address),
    }
}

/// The bytes that are typed to be searched for.
///
/// # Errors
///
/// Says what is wrong with them.
pub(crate) fn needle(text: &str, hex: bool) -> Result<Vec<u8>, String> {
    if text.is_empty() {
        return Err("type what to search for".to_owned());
    }
    if !hex {
        return Ok(text.as_bytes().to_vec());
    }
    let digits: Vec<char> = text.chars().filter(|it| !it.is_whitespace()).collect();
    let mut bytes = Vec::new();
    for pair in digits.chunks(2) {
        let pair: String = pair.iter().collect();
        let is_hex = pair.chars().all(|digit| digit.is_ascii_hexdigit());
        match u8::from_str_radix(&pair, 16) {
            Ok(byte) if is_hex && pair.len() == 2 => bytes.push(byte),
            _ => {
                return Err(format!(
                    "“{pair}” is no byte: write two hex digits, as in 0a ff"
                ));
            }
        }
    }
    if bytes.is_empty() {
        return Err("type what to search for".to_owned());
    }
    Ok(bytes)
}
