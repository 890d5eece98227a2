//! From the debug information's types to Go's, and to how the function's own language writes them.
//!
//! What Go has no like of, or what does not lie in memory as the host's layout has it, becomes
//! [`Type::Other`] with its name: a pointer to it can still be passed. Must not know of functions.

use gimli::{AttributeValue, DwAte};

use super::language::Language;
use super::sections::{Debug, Die, Entry};
use crate::go::layout;
use crate::go::types::{Abi, Field, MAX_DEPTH, Struct, Type};

/// How many types the types of one function may consist of.
const MAX_TYPES: usize = 1 << 12;

/// Reads the types of one function.
pub(super) struct Types<'r, 'd, 'a> {
    debug: &'d Debug<'a>,
    language: Language,
    /// Entries that may still be gone through.
    pub(super) budget: &'r mut usize,
    types: usize,
    /// The types that are being read; definitions with the names under which they can be referred to.
    open: Vec<(Die, String)>,
}

impl<'r, 'd, 'a> Types<'r, 'd, 'a> {
    pub(super) fn new(
        debug: &'d Debug<'a>,
        language: Language,
        budget: &'r mut usize,
    ) -> Types<'r, 'd, 'a> {
        Types {
            debug,
            language,
            budget,
            types: 0,
            open: Vec::new(),
        }
    }

    /// The type of a parameter or member, in Go's terms and in its language's.
    pub(super) fn of_attribute(&mut self, entry: &Entry<'a>) -> (Type, String) {
        self.attribute(entry)
            .unwrap_or_else(|| self.other("unknown".to_owned()))
    }

    /// The type that is described here.
    pub(super) fn of_entry(&mut self, die: Die) -> (Type, String) {
        match self.debug.entry(die) {
            Some(ty) => self.of(&ty),
            None => self.other("unknown".to_owned()),
        }
    }

    /// The type of what a subprogram returns; `None`: nothing.
    pub(super) fn of_result(&mut self, entry: &Entry<'a>) -> Option<(Type, String)> {
        self.attribute(entry)
    }

    /// The type that an entry names with its `DW_AT_type`; `None` if it names none.
    fn attribute(&mut self, entry: &Entry<'a>) -> Option<(Type, String)> {
        let (from, value) = self.debug.inherited(entry, gimli::DW_AT_type)?;
        let die = self.debug.reference(from, &value);
        Some(match die {
            Some(die) => self.of_entry(die),
            None => self.other("unknown".to_owned()),
        })
    }

    fn of(&mut self, entry: &Entry<'a>) -> (Type, String) {
        self.types += 1;
        if self.types > MAX_TYPES || self.open.len() >= MAX_DEPTH {
            return self.other("…".to_owned());
        }
        if let Some(depth) = self.open.iter().position(|(die, _)| *die == entry.at)
            && let Some(reference) = self.back_reference(depth)
        {
            return reference;
        }
        let name = self.name(entry);
        let definition = matches!(
            entry.tag,
            gimli::DW_TAG_typedef | gimli::DW_TAG_structure_type | gimli::DW_TAG_class_type
        );
        let known_as = name.clone().filter(|_| definition).unwrap_or_default();
        self.open.push((entry.at, known_as));
        let read = self.read(entry, name);
        self.open.pop();
        read
    }

    /// A type that is being read, `depth` definitions down. It can be said by its name, unless that
    /// means another definition here. `None`: it has no name, but one inside of it has, and will be
    /// met again.
    fn back_reference(&self, depth: usize) -> Option<(Type, String)> {
        let mut inside = self.open.iter().skip(depth);
        let (_, name) = inside.next()?;
        if name.is_empty() && inside.clone().any(|(_, name)| !name.is_empty()) {
            return None;
        }
        // `typedef struct S S` is two definitions in a row.
        let hidden = inside
            .skip_while(|(_, other)| other == name)
            .any(|(_, other)| other == name);
        if name.is_empty() || hidden {
            return Some(self.other("…".to_owned()));
        }
        let ty = Type::Named {
            name: name.clone(),
            underlying: None,
        };
        Some((ty, name.clone()))
    }

    fn read(&mut self, entry: &Entry<'a>, name: Option<String>) -> (Type, String) {
        match entry.tag {
            gimli::DW_TAG_base_type => self.base(entry, name.unwrap_or_default()),
            gimli::DW_TAG_pointer_type
            | gimli::DW_TAG_reference_type
            | gimli::DW_TAG_rvalue_reference_type => self.pointer(entry, name),
            gimli::DW_TAG_const_type => {
                let (ty, text) = self.modified(entry);
                (ty, format!("const {text}"))
            }
            gimli::DW_TAG_volatile_type
            | gimli::DW_TAG_restrict_type
            | gimli::DW_TAG_atomic_type => self.modified(entry),
            gimli::DW_TAG_typedef => self.definition(entry, name.unwrap_or_default()),
            gimli::DW_TAG_array_type => self.array(entry),
            gimli::DW_TAG_structure_type | gimli::DW_TAG_class_type => self.structure(entry, name),
            gimli::DW_TAG_enumeration_type => self.enumeration(entry, name),
            tag => {
                let tag = tag.static_string().unwrap_or("type");
                let tag = tag.strip_prefix("DW_TAG_").unwrap_or(tag).replace('_', " ");
                self.other(name.unwrap_or(tag))
            }
        }
    }

    fn other(&self, name: String) -> (Type, String) {
        (Type::Other(name.clone()), name)
    }

    /// The name of a type. Go's has the package's path before it; the plugin's own package goes
    /// without saying.
    fn name(&self, entry: &Entry<'a>) -> Option<String> {
        let value = entry.value(gimli::DW_AT_name)?;
        let name = self.debug.string(entry.at, &value)?;
        if self.language != Language::TinyGo {
            return Some(name.to_owned());
        }
        let name = match entry.tag {
            gimli::DW_TAG_typedef => name.rsplit_once('/').map_or(name, |(_, last)| last),
            _ => name,
        };
        Some(name.strip_prefix("main.").unwrap_or(name).to_owned())
    }

    /// What is behind a `const` and its like.
    fn modified(&mut self, entry: &Entry<'a>) -> (Type, String) {
        self.attribute(entry)
            .unwrap_or_else(|| self.other("void".to_owned()))
    }

    fn base(&self, entry: &Entry<'a>, name: String) -> (Type, String) {
        let encoding = match entry.value(gimli::DW_AT_encoding) {
            Some(AttributeValue::Encoding(encoding)) => encoding,
            _ => DwAte(0),
        };
        let size = entry.number(gimli::DW_AT_byte_size).unwrap_or_default();
        let Some(ty) = number(encoding, size) else {
            return self.other(name);
        };
        if self.language == Language::TinyGo && name == "uintptr" {
            return (Type::Uintptr, name);
        }
        if name == ty.to_string() {
            (ty, name)
        } else {
            (ty.named(name.clone()), name)
        }
    }

    fn pointer(&mut self, entry: &Entry<'a>, name: Option<String>) -> (Type, String) {
        match self.attribute(entry) {
            None => {
                let text = self.language.pointer(None);
                (Type::UnsafePointer, name.unwrap_or(text))
            }
            Some((element, text)) => {
                let text = name.unwrap_or_else(|| self.language.pointer(Some(&text)));
                // To a function, or to nothing in particular.
                match &element {
                    Type::Other(other) if ["void", "subroutine type"].contains(&&**other) => {
                        (Type::UnsafePointer, text)
                    }
                    _ => (element.pointer(), text),
                }
            }
        }
    }

    fn definition(&mut self, entry: &Entry<'a>, name: String) -> (Type, String) {
        if self.language == Language::TinyGo && name.starts_with("runtime.") {
            let what = match name.as_str() {
                "runtime._interface" => "interface",
                "runtime.hashmap" => "map",
                "runtime.channel" => "chan",
                other => other,
            };
            return self.other(what.to_owned());
        }
        let Some((ty, _)) = self.attribute(entry) else {
            return self.other(name);
        };
        match &ty {
            Type::Other(_) => self.other(name),
            // `typedef struct S S`: one name for one type.
            Type::Named { name: inner, .. } if *inner == name => (ty, name),
            _ => (ty.named(name.clone()), name),
        }
    }

    fn enumeration(&mut self, entry: &Entry<'a>, name: Option<String>) -> (Type, String) {
        let name = name.unwrap_or_else(|| "enum".to_owned());
        let inner = self.attribute(entry).map(|(ty, _)| ty.underlying().clone());
        let size = entry.number(gimli::DW_AT_byte_size).unwrap_or(4);
        let ty = match inner {
            Some(Type::Other(_)) | None => number(gimli::DW_ATE_unsigned, size),
            inner => inner,
        };
        match ty {
            Some(ty) => (ty.named(name.clone()), name),
            None => self.other(name),
        }
    }

    fn array(&mut self, entry: &Entry<'a>) -> (Type, String) {
        let (element, text) = self.modified(entry);
        let mut lengths = Vec::new();
        for child in self.debug.children(entry, self.budget) {
            if child.tag != gimli::DW_TAG_subrange_type {
                continue;
            }
            let upper = child.number(gimli::DW_AT_upper_bound);
            let count = child.number(gimli::DW_AT_count);
            let count = count.or_else(|| upper.map(|upper| upper.saturating_add(1)));
            match u32::try_from(count.unwrap_or_default()) {
                Ok(count) => lengths.push(count),
                Err(_) => return self.other(format!("{text}[…]")),
            }
        }
        let vector = entry.value(gimli::DW_AT_GNU_vector).is_some();
        if vector || lengths.is_empty() || lengths.len() > MAX_DEPTH {
            return self.other(format!("{text}[]"));
        }
        let dimensions: String = lengths.iter().map(|length| format!("[{length}]")).collect();
        let text = match self.language {
            Language::TinyGo => format!("{dimensions}{text}"),
            _ => format!("{text}{dimensions}"),
        };
        let lengths = lengths.into_iter().rev();
        (lengths.fold(element, Type::array), text)
    }

    fn structure(&mut self, entry: &Entry<'a>, name: Option<String>) -> (Type, String) {
        if self.language == Language::TinyGo {
            match name.as_deref() {
                Some("string") => return (Type::String, "string".to_owned()),
                // A slice, under the name that Go gives its type.
                Some(name) => return self.other(name.to_owned()),
                None => {}
            }
        }
        let written = match (&name, self.language) {
            (Some(name), Language::C) => format!("struct {name}"),
            (Some(name), _) => name.clone(),
            (None, _) => "struct".to_owned(),
        };
        let Some(structure) = self.members(entry) else {
            return self.other(written);
        };
        let ty = Type::Struct(structure);
        match name {
            Some(name) => (ty.named(name), written),
            None => (ty, written),
        }
    }

    /// The members, if they are all that the struct holds, and lie where the host's layout puts them.
    fn members(&mut self, entry: &Entry<'a>) -> Option<Struct> {
        let size = entry.number(gimli::DW_AT_byte_size)?;
        if entry.value(gimli::DW_AT_declaration).is_some() {
            return None;
        }
        let mut members = Vec::new();
        for child in self.debug.children(entry, self.budget) {
            match child.tag {
                gimli::DW_TAG_member => {}
                gimli::DW_TAG_inheritance | gimli::DW_TAG_variant_part => return None,
                _ => continue,
            }
            // A C++ member that is shared by all objects is none of this one's.
            if child.value(gimli::DW_AT_external).is_some() {
                continue;
            }
            if child.value(gimli::DW_AT_bit_size).is_some()
                || child.value(gimli::DW_AT_data_bit_offset).is_some()
            {
                return None;
            }
            let offset = match child.value(gimli::DW_AT_data_member_location) {
                None => 0,
                Some(value) => value.udata_value()?,
            };
            let name = self.debug.name(&child, gimli::DW_AT_name).unwrap_or("_");
            let (ty, _) = self.of_attribute(&child);
            members.push((offset, Field::new(name, ty)));
        }
        // Rust puts members in another order than they are written in.
        members.sort_by_key(|(offset, _)| *offset);
        let offsets: Vec<u64> = members.iter().map(|(offset, _)| *offset).collect();
        let all = Type::Struct(Struct {
            fields: members.into_iter().map(|(_, field)| field).collect(),
            host_layout: true,
        });
        let layout = layout::layout(&all, Abi::TinyGo).ok()?;
        let places = layout.offsets.iter().map(|offset| u64::from(*offset));
        if !places.eq(offsets) || u64::from(layout.size) != size {
            return None;
        }
        let Type::Struct(mut structure) = all else {
            return None;
        };
        // An empty one needs no mark.
        structure.host_layout = !structure.fields.is_empty();
        structure.fields.retain(|field| !is_marker(&field.ty));
        Some(structure)
    }
}

/// Whether a field of this type marks a struct for the host's layout.
fn is_marker(ty: &Type) -> bool {
    matches!(ty, Type::Named { name, .. } if name == "structs.HostLayout")
}

/// The number type of this encoding and size in bytes.
fn number(encoding: DwAte, size: u64) -> Option<Type> {
    Some(match (encoding, size) {
        (gimli::DW_ATE_boolean, 1) => Type::Bool,
        (gimli::DW_ATE_signed | gimli::DW_ATE_signed_char, 1) => Type::Int8,
        (gimli::DW_ATE_signed | gimli::DW_ATE_signed_char, 2) => Type::Int16,
        (gimli::DW_ATE_signed, 4) => Type::Int32,
        (gimli::DW_ATE_signed, 8) => Type::Int64,
        (gimli::DW_ATE_unsigned | gimli::DW_ATE_unsigned_char, 1) => Type::Uint8,
        (gimli::DW_ATE_unsigned | gimli::DW_ATE_UTF, 2) => Type::Uint16,
        (gimli::DW_ATE_unsigned | gimli::DW_ATE_UTF, 4) => Type::Uint32,
        (gimli::DW_ATE_unsigned, 8) => Type::Uint64,
        (gimli::DW_ATE_float, 4) => Type::Float32,
        (gimli::DW_ATE_float, 8) => Type::Float64,
        _ => return None,
    })
}
