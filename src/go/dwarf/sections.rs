//! Debug information as units and entries, each read where it stands.
//!
//! gimli decodes; what this adds are bounds. An abbreviation table ends where the next begins, names
//! have a largest length and entries a largest number of attributes, so that no part of the sections
//! is read over and over. Must not know what entries mean.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use gimli::{
    Abbreviations, Attribute, AttributeValue, DebugAbbrev, DebugAbbrevOffset, DebugAddr,
    DebugAddrBase, DebugInfo, DebugStrOffsets, DebugStrOffsetsBase, DwAt, DwTag, EndianSlice,
    EntriesRaw, LittleEndian, UnitHeader, UnitOffset,
};

use super::language::Language;
use super::module::Sections;

/// Units beyond this number are left out.
const MAX_UNITS: usize = 1 << 16;
/// No compiler gives an entry nearly as many.
const MAX_ATTRIBUTES: usize = 64;
/// Names that are longer are none.
const MAX_NAME: usize = 1 << 12;
/// How far an entry may refer to another one for its attributes.
const MAX_ORIGINS: usize = 4;

pub(crate) type Bytes<'a> = EndianSlice<'a, LittleEndian>;
pub(crate) type Value<'a> = AttributeValue<Bytes<'a>>;

/// The debug information of a module.
pub(crate) struct Debug<'a> {
    pub(super) sections: Sections<'a>,
    str_offsets: DebugStrOffsets<Bytes<'a>>,
    pub(super) addresses: DebugAddr<Bytes<'a>>,
    pub(super) units: Vec<Unit<'a>>,
}

pub(super) struct Unit<'a> {
    pub(super) header: UnitHeader<Bytes<'a>>,
    abbreviations: Arc<Abbreviations>,
    /// In bytes from the start of the section.
    start: usize,
    end: usize,
    language: Language,
    str_offsets: DebugStrOffsetsBase<usize>,
    pub(super) addresses: DebugAddrBase<usize>,
}

/// Where an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Die {
    pub(crate) unit: usize,
    offset: UnitOffset<usize>,
}

/// What an entry says.
pub(crate) struct Entry<'a> {
    pub(crate) at: Die,
    pub(crate) tag: DwTag,
    has_children: bool,
    attributes: Vec<Attribute<Bytes<'a>>>,
}

impl<'a> Debug<'a> {
    /// The units, up to the first that is broken, and what is wrong with that.
    pub(crate) fn read(sections: &Sections<'a>) -> (Debug<'a>, Option<String>) {
        let bytes = |data| EndianSlice::new(data, LittleEndian);
        let mut debug = Debug {
            sections: *sections,
            str_offsets: DebugStrOffsets::from(bytes(sections.str_offsets)),
            addresses: DebugAddr::from(bytes(sections.addr)),
            units: Vec::new(),
        };
        let mut broken = None;
        let mut headers = Vec::new();
        let mut iterator = DebugInfo::from(bytes(sections.info)).units();
        loop {
            match iterator.next() {
                Ok(Some(_)) if headers.len() >= MAX_UNITS => {
                    broken = Some(format!(
                        "the debug information has more than {MAX_UNITS} units: the rest is not read"
                    ));
                    break;
                }
                Ok(Some(header)) => headers.push(header),
                Ok(None) => break,
                Err(error) => {
                    let end = headers.last().map_or(0, end_of);
                    broken = Some(format!(
                        "the debug information is broken in the unit at {end:#x}: {error}"
                    ));
                    break;
                }
            }
        }
        let mut tables = Tables::new(sections.abbrev, &headers);
        for header in headers {
            match debug.unit(header, &mut tables) {
                Ok(unit) => debug.units.push(unit),
                Err(error) => {
                    let at = start_of(&header);
                    broken.get_or_insert_with(|| {
                        format!("the debug information is broken in the unit at {at:#x}: {error}")
                    });
                }
            }
        }
        (debug, broken)
    }

    fn unit(
        &self,
        header: UnitHeader<Bytes<'a>>,
        tables: &mut Tables<'a>,
    ) -> gimli::Result<Unit<'a>> {
        // Without attributes that say otherwise, the contents begin behind a header of 8 bytes.
        let mut unit = Unit {
            header,
            abbreviations: tables.get(header.debug_abbrev_offset())?,
            start: start_of(&header),
            end: end_of(&header),
            language: Language::Other,
            str_offsets: DebugStrOffsetsBase(8),
            addresses: DebugAddrBase(8),
        };
        let root = unit.entry(header.root_offset(), 0)?;
        if let Some(AttributeValue::DebugStrOffsetsBase(base)) =
            root.value(gimli::DW_AT_str_offsets_base)
        {
            unit.str_offsets = base;
        }
        if let Some(AttributeValue::DebugAddrBase(base)) = root.value(gimli::DW_AT_addr_base) {
            unit.addresses = base;
        }
        let producer = root.value(gimli::DW_AT_producer);
        let producer = producer.and_then(|value| self.string_in(&unit, &value));
        let language = match root.value(gimli::DW_AT_language) {
            Some(AttributeValue::Language(language)) => Some(language),
            _ => None,
        };
        unit.language = Language::of(producer, language);
        Ok(unit)
    }

    /// How many units there are.
    pub(crate) fn units(&self) -> usize {
        self.units.len()
    }

    /// The language of the module, if nothing else tells: TinyGo, if any unit is its.
    pub(crate) fn language(&self) -> Option<Language> {
        self.units.iter().map(|unit| unit.language).min()
    }

    /// The language of the unit that the entry is in.
    pub(crate) fn language_of(&self, die: Die) -> Language {
        let unit = self.units.get(die.unit);
        unit.map_or(Language::Other, |unit| unit.language)
    }

    /// Calls `visit` for each entry of a unit that has this tag.
    ///
    /// # Errors
    ///
    /// If the unit is broken: where, and how.
    pub(crate) fn tagged(
        &self,
        unit: usize,
        tag: DwTag,
        mut visit: impl FnMut(&Entry<'a>),
    ) -> Result<(), String> {
        let Some(here) = self.units.get(unit) else {
            return Ok(());
        };
        let broken = |at: UnitOffset<usize>, error: gimli::Error| {
            let at = here.start.saturating_add(at.0);
            format!("the debug information is broken at {at:#x}: {error}")
        };
        let mut at = here.header.root_offset();
        let mut entries = here.entries(at).map_err(|error| broken(at, error))?;
        while !entries.is_empty() {
            at = entries.next_offset();
            let walked = here.step(&mut entries, unit, |it| it == tag);
            if let Some(entry) = walked.map_err(|error| broken(at, error))? {
                visit(&entry);
            }
        }
        Ok(())
    }

    /// What the entry says; `None` if there is none.
    pub(crate) fn entry(&self, die: Die) -> Option<Entry<'a>> {
        self.units.get(die.unit)?.entry(die.offset, die.unit).ok()
    }

    /// The entries right below this one. `budget` is how many entries may be gone through for it.
    pub(crate) fn children(&self, entry: &Entry<'a>, budget: &mut usize) -> Vec<Entry<'a>> {
        let mut children = Vec::new();
        let unit = self.units.get(entry.at.unit);
        if let Some(unit) = unit.filter(|_| entry.has_children) {
            // What comes before a break is of use all the same.
            let _ = unit.children(entry, budget, &mut children);
        }
        children
    }

    /// An attribute of the entry, or of the one that it is an instance of, with where that is.
    pub(crate) fn inherited(&self, entry: &Entry<'a>, name: DwAt) -> Option<(Die, Value<'a>)> {
        if let Some(value) = entry.value(name) {
            return Some((entry.at, value));
        }
        let mut origin = self.origin(entry)?;
        for _ in 0..MAX_ORIGINS {
            if let Some(value) = origin.value(name) {
                return Some((origin.at, value));
            }
            origin = self.origin(&origin)?;
        }
        None
    }

    /// The entry that this one is an instance of.
    pub(crate) fn origin(&self, entry: &Entry<'a>) -> Option<Entry<'a>> {
        let origin = entry
            .value(gimli::DW_AT_abstract_origin)
            .or_else(|| entry.value(gimli::DW_AT_specification))?;
        self.entry(self.reference(entry.at, &origin)?)
    }

    /// The entry that an attribute of `from` refers to, in whatever unit.
    pub(crate) fn reference(&self, from: Die, value: &Value<'a>) -> Option<Die> {
        match value {
            AttributeValue::UnitRef(offset) => {
                let length = self.units.get(from.unit)?.end - self.units.get(from.unit)?.start;
                (offset.0 < length).then_some(Die {
                    unit: from.unit,
                    offset: *offset,
                })
            }
            AttributeValue::DebugInfoRef(offset) => {
                let after = self.units.partition_point(|unit| unit.start <= offset.0);
                let unit = after.checked_sub(1)?;
                let here = self.units.get(unit).filter(|unit| offset.0 < unit.end)?;
                let offset = UnitOffset(offset.0 - here.start);
                Some(Die { unit, offset })
            }
            _ => None,
        }
    }

    /// The string that an attribute of `from` holds.
    pub(crate) fn string(&self, from: Die, value: &Value<'a>) -> Option<&'a str> {
        self.string_in(self.units.get(from.unit)?, value)
    }

    /// A name, be it the entry's own or inherited.
    pub(crate) fn name(&self, entry: &Entry<'a>, name: DwAt) -> Option<&'a str> {
        let (at, value) = self.inherited(entry, name)?;
        self.string(at, &value)
    }

    /// The address that an attribute of `from` holds.
    pub(crate) fn address(&self, from: Die, value: &Value<'a>) -> Option<u64> {
        let unit = self.units.get(from.unit)?;
        match value {
            AttributeValue::Addr(address) => Some(*address),
            AttributeValue::DebugAddrIndex(index) => {
                let size = unit.header.address_size();
                self.addresses
                    .get_address(size, unit.addresses, *index)
                    .ok()
            }
            _ => None,
        }
    }

    pub(super) fn string_in(&self, unit: &Unit<'a>, value: &Value<'a>) -> Option<&'a str> {
        let (section, offset) = match value {
            AttributeValue::String(text) => (text.slice(), 0),
            AttributeValue::DebugStrRef(offset) => (self.sections.str, offset.0),
            AttributeValue::DebugLineStrRef(offset) => (self.sections.line_str, offset.0),
            AttributeValue::DebugStrOffsetsIndex(index) => {
                let format = unit.header.format();
                let offset = self
                    .str_offsets
                    .get_str_offset(format, unit.str_offsets, *index);
                (self.sections.str, offset.ok()?.0)
            }
            _ => return None,
        };
        let text = section.get(offset..)?;
        let text = text.get(..MAX_NAME).unwrap_or(text);
        let end = text.iter().position(|byte| *byte == 0);
        let end = match value {
            AttributeValue::String(_) => end.unwrap_or(text.len()),
            _ => end?,
        };
        std::str::from_utf8(text.get(..end)?).ok()
    }
}

impl<'a> Unit<'a> {
    fn entries(&self, at: UnitOffset<usize>) -> gimli::Result<EntriesRaw<'_, Bytes<'a>>> {
        self.header.entries_raw(&self.abbreviations, Some(at))
    }

    pub(super) fn entry(&self, at: UnitOffset<usize>, unit: usize) -> gimli::Result<Entry<'a>> {
        let mut entries = self.entries(at)?;
        self.step(&mut entries, unit, |_| true)?
            .ok_or(gimli::Error::NoEntryAtGivenOffset(at.0 as u64))
    }

    /// Reads the next entry if its tag is wanted; else, and at the end of a list, gives `None`.
    fn step(
        &self,
        entries: &mut EntriesRaw<'_, Bytes<'a>>,
        unit: usize,
        wanted: impl FnOnce(DwTag) -> bool,
    ) -> gimli::Result<Option<Entry<'a>>> {
        let offset = entries.next_offset();
        let Some(abbreviation) = entries.read_abbreviation()? else {
            return Ok(None);
        };
        let specifications = abbreviation.attributes();
        if specifications.len() > MAX_ATTRIBUTES {
            return Err(gimli::Error::InvalidAbbreviationCode(abbreviation.code()));
        }
        if !wanted(abbreviation.tag()) {
            entries.skip_attributes(specifications)?;
            return Ok(None);
        }
        let mut attributes = Vec::new();
        entries.read_attributes(specifications, &mut attributes)?;
        Ok(Some(Entry {
            at: Die { unit, offset },
            tag: abbreviation.tag(),
            has_children: abbreviation.has_children(),
            attributes,
        }))
    }

    fn children(
        &self,
        entry: &Entry<'a>,
        budget: &mut usize,
        children: &mut Vec<Entry<'a>>,
    ) -> gimli::Result<()> {
        let mut entries = self.entries(entry.at.offset)?;
        self.step(&mut entries, entry.at.unit, |_| false)?;
        let below = entries.next_depth();
        while entries.next_depth() >= below && !entries.is_empty() && *budget > 0 {
            *budget -= 1;
            let wanted = entries.next_depth() == below;
            children.extend(self.step(&mut entries, entry.at.unit, |_| wanted)?);
        }
        Ok(())
    }
}

impl<'a> Entry<'a> {
    /// The value of an attribute.
    pub(crate) fn value(&self, name: DwAt) -> Option<Value<'a>> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|attribute| attribute.name() == name)
            .map(Attribute::value)
    }

    /// The value of an attribute that is a number.
    pub(crate) fn number(&self, name: DwAt) -> Option<u64> {
        self.value(name)?.udata_value()
    }
}

/// The abbreviation tables, each read once.
struct Tables<'a> {
    section: &'a [u8],
    /// Where tables begin.
    starts: BTreeSet<usize>,
    read: HashMap<usize, Arc<Abbreviations>>,
}

impl<'a> Tables<'a> {
    fn new(section: &'a [u8], headers: &[UnitHeader<Bytes<'a>>]) -> Tables<'a> {
        let starts = headers.iter().map(|header| header.debug_abbrev_offset().0);
        Tables {
            section,
            starts: starts.collect(),
            read: HashMap::new(),
        }
    }

    fn get(&mut self, offset: DebugAbbrevOffset<usize>) -> gimli::Result<Arc<Abbreviations>> {
        let start = offset.0;
        if let Some(table) = self.read.get(&start) {
            return Ok(Arc::clone(table));
        }
        let mut later = self.starts.range(start.saturating_add(1)..);
        let end = later.next().copied().unwrap_or(usize::MAX);
        let table = self
            .section
            .get(start..end.min(self.section.len()))
            .unwrap_or_default();
        let table = DebugAbbrev::new(table, LittleEndian).abbreviations(DebugAbbrevOffset(0))?;
        let table = Arc::new(table);
        self.read.insert(start, Arc::clone(&table));
        Ok(table)
    }
}

fn start_of(header: &UnitHeader<Bytes<'_>>) -> usize {
    header.debug_info_offset().map_or(0, |offset| offset.0)
}

fn end_of(header: &UnitHeader<Bytes<'_>>) -> usize {
    start_of(header).saturating_add(header.length_including_self())
}
