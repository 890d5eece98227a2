//! Room in the guest for arguments that live in memory: asked for before the call, filled, read
//! back, and given back afterwards, each block once.

use crate::amount::amount;
use crate::go::abi::{Lowered, lower};
use crate::go::{Abi, Param, Pointer, Signature, Type, Value, encode};
use crate::linear::{Linear, LinearMut};
use crate::module::Info;
use crate::protocol::{Allocator, Placed, PlacedBlock};

/// How deep pointees are followed when arguments are read back.
const READ_BACK_DEPTH: u32 = 8;

/// The arguments of one call, and where they are.
#[derive(Default)]
pub(super) struct Placement {
    planned: Option<Planned>,
    /// For each block of the plan, its address once it has room.
    addresses: Vec<Option<u32>>,
    /// What was written, once it was.
    record: Option<Placed>,
}

struct Planned {
    signature: Signature,
    args: Vec<Value>,
    lowered: Lowered,
    abi: Abi,
    allocator: Option<Allocator>,
    /// Whether a block's size is told when it is given back.
    frees_by_size: bool,
}

impl Placement {
    /// Plans room for `args`, by the allocator that was `chosen` if one was; the text says what is
    /// wrong with them, or with the module.
    pub(super) fn plan(
        signature: &Signature,
        args: &[Value],
        info: &Info,
        chosen: Option<&Allocator>,
    ) -> Result<Self, String> {
        let abi = info.abi();
        let lowered = lower(signature, args, abi).map_err(|error| error.to_string())?;
        let allocator = chosen.cloned().or_else(|| Allocator::usual(info));
        if allocator.is_none() && !lowered.plan.blocks.is_empty() {
            return Err(no_allocator(signature, info));
        }
        if let Some(missing) = allocator.as_ref().filter(|one| !one.is_in(info)) {
            return Err(format!(
                "the module exports no {missing} that give room in memory"
            ));
        }
        Ok(Self {
            addresses: vec![None; lowered.plan.blocks.len()],
            record: None,
            planned: Some(Planned {
                signature: signature.clone(),
                args: args.to_vec(),
                lowered,
                abi,
                frees_by_size: allocator
                    .as_ref()
                    .is_some_and(|one| one.frees_by_size(info)),
                allocator,
            }),
        })
    }

    /// Plans room for bytes that are no argument.
    pub(super) fn room(bytes: &[u8], allocator: &Allocator, info: &Info) -> Result<Self, String> {
        let bytes = Value::String(bytes.to_vec());
        let signature = Signature::new("", vec![Param::new("", Type::String)], None);
        Self::plan(&signature, &[bytes], info, Some(allocator))
    }

    /// The blocks that need room.
    pub(super) fn blocks(&self) -> std::ops::Range<usize> {
        0..self.addresses.len()
    }

    /// The blocks that have room.
    pub(super) fn placed(&self) -> impl Iterator<Item = usize> {
        let placed = self.addresses.iter().enumerate();
        placed.filter_map(|(block, address)| address.map(|_| block))
    }

    fn allocator(&self) -> Option<&Allocator> {
        self.planned.as_ref()?.allocator.as_ref()
    }

    /// The export that gives room.
    pub(super) fn allocator_name(&self) -> &str {
        self.allocator().map_or("", Allocator::allocates)
    }

    /// The export that takes it back.
    pub(super) fn releaser_name(&self) -> &str {
        match self.allocator() {
            Some(Allocator::Pair {
                free: Some(free), ..
            }) => free,
            _ => self.allocator_name(),
        }
    }

    /// The guest call that asks for room for a block.
    pub(super) fn allocation(&self, block: usize) -> (String, Vec<u64>) {
        let (align, size) = self.shape(block);
        let args = match self.allocator() {
            Some(Allocator::Realloc(_)) => vec![0, 0, align, size],
            _ => vec![size],
        };
        (self.allocator_name().to_owned(), args)
    }

    /// The guest call that gives a block's room back; `None` when it has none, or has given it
    /// back already.
    pub(super) fn release(&mut self, block: usize) -> Option<(String, Vec<u64>)> {
        let (align, size) = self.shape(block);
        let address = u64::from(self.addresses.get_mut(block)?.take()?);
        let planned = self.planned.as_ref()?;
        Some(match planned.allocator.as_ref()? {
            Allocator::Pair { free, .. } => {
                let args = match planned.frees_by_size {
                    true => vec![address, size],
                    false => vec![address],
                };
                (free.clone()?, args)
            }
            Allocator::Realloc(realloc) => (realloc.clone(), vec![address, size, align, 0]),
        })
    }

    /// Alignment and size of a block, in bytes.
    fn shape(&self, block: usize) -> (u64, u64) {
        let blocks = self
            .planned
            .as_ref()
            .map(|planned| &planned.lowered.plan.blocks);
        match blocks.and_then(|blocks| blocks.get(block)) {
            Some(block) => (u64::from(block.align), u64::from(block.room())),
            None => (1, 0),
        }
    }

    /// Takes in that a block has got room at `address`, in a memory of `memory` bytes; the text
    /// says what is wrong with it.
    pub(super) fn place(
        &mut self,
        block: usize,
        address: u64,
        memory: usize,
    ) -> Result<(), String> {
        let name = self.allocator_name();
        let (align, size) = self.shape(block);
        if address == 0 {
            return Err(format!(
                "{name}({size}) returned 0: the guest has no memory left for it"
            ));
        }
        if address.saturating_add(size) > memory as u64 {
            return Err(format!(
                "{name}({size}) returned {address:#x}, which with {} is outside the guest's \
                 memory of {memory} bytes",
                amount(size, "byte")
            ));
        }
        if !address.is_multiple_of(align) {
            return Err(format!(
                "{name}({size}) returned {address:#x}, which is not aligned to {align} bytes"
            ));
        }
        if let (Some(slot), Ok(address)) = (self.addresses.get_mut(block), u32::try_from(address)) {
            *slot = Some(address);
        }
        Ok(())
    }

    /// Whether all blocks have room.
    pub(super) fn is_complete(&self) -> bool {
        self.addresses.iter().all(Option::is_some)
    }

    fn all_addresses(&self) -> Vec<u32> {
        self.addresses
            .iter()
            .map(|address| address.unwrap_or(0))
            .collect()
    }

    /// Writes the blocks where they have room.
    pub(super) fn write(&mut self, mut memory: LinearMut<'_>) {
        let Some(planned) = &self.planned else { return };
        let addresses = self.all_addresses();
        let images = planned.lowered.plan.images(&addresses).unwrap_or_default();
        for (address, image) in addresses.iter().zip(&images) {
            memory.write((*address).into(), image);
        }
        self.record = self.record(&images);
    }

    /// What was written where.
    fn record(&self, images: &[Vec<u8>]) -> Option<Placed> {
        let planned = self.planned.as_ref()?;
        let roots = &planned.lowered.roots;
        let blocks = planned.lowered.plan.blocks.iter().zip(images);
        let blocks = blocks.zip(&self.addresses).enumerate();
        let placed = blocks.map(|(index, ((block, image), address))| {
            let param = roots.iter().position(|root| *root == Some(index));
            PlacedBlock {
                param: param.and_then(|param| u32::try_from(param).ok()),
                address: address.unwrap_or(0),
                room: block.room(),
                size: u32::try_from(image.len()).unwrap_or(u32::MAX),
                before: kept(image).to_vec(),
                after: Vec::new(),
            }
        });
        Some(Placed {
            allocator: planned.allocator.as_ref()?.to_string(),
            blocks: placed.collect(),
        })
    }

    /// Takes in what the blocks are after the call.
    pub(super) fn record_after(&mut self, memory: Linear<'_>) {
        for block in self.record.iter_mut().flat_map(|record| &mut record.blocks) {
            let range = memory.range(block.address.into(), block.before.len() as u64);
            let after = range.and_then(|range| memory.get(range));
            block.after = after.unwrap_or_default().into_owned();
        }
    }

    /// The room that the arguments had; `None` if they needed none, or did not get it.
    pub(super) fn take_record(&mut self) -> Option<Placed> {
        self.record
            .take()
            .filter(|record| !record.blocks.is_empty())
    }

    /// The Wasm arguments of the call, as bits.
    pub(super) fn wasm_args(&self) -> Vec<u64> {
        let values = self
            .planned
            .as_ref()
            .map(|planned| planned.lowered.values(&self.all_addresses()));
        values.and_then(Result::ok).unwrap_or_default()
    }

    /// The arguments after the call: what was put into memory is read again.
    pub(super) fn read_back(&self, memory: Linear<'_>) -> Vec<Value> {
        let Some(planned) = &self.planned else {
            return Vec::new();
        };
        let params = planned.signature.params.iter();
        let roots = planned.lowered.roots.iter();
        params
            .zip(&planned.args)
            .zip(roots)
            .map(|((param, arg), root)| {
                let address = root.and_then(|block| self.addresses.get(block).copied().flatten());
                match (param.ty.underlying(), address) {
                    (Type::Pointer(element), Some(address)) => {
                        // What cannot be read any more is shown as it was.
                        encode::read(memory, address, element, planned.abi, READ_BACK_DEPTH)
                            .map_or_else(
                                |_| arg.clone(),
                                |value| Value::Pointer(Pointer::New(Box::new(value))),
                            )
                    }
                    _ => arg.clone(),
                }
            })
            .collect()
    }
}

/// As much of a block as is told of it.
fn kept(image: &[u8]) -> &[u8] {
    image.get(..PlacedBlock::KEPT).unwrap_or(image)
}

/// What to say when there is no allocator, with the lines of Go that add one.
fn no_allocator(signature: &Signature, info: &Info) -> String {
    let needs = format!(
        "{signature} needs room for its arguments in the guest's memory, and the module exports \
         neither malloc and free nor cabi_realloc"
    );
    if !info.is_go() {
        return format!("{needs}. Export them, or choose what gives room (In Wasm)");
    }
    format!(
        "{needs}. TinyGo adds malloc and free with -buildmode=c-shared; for standard Go, put this \
         into the plugin:\n\
         \n\
         var live = map[uintptr][]byte{{}}\n\
         \n\
         //go:wasmexport malloc\n\
         func malloc(size uint32) unsafe.Pointer {{\n\
         \tbuf := make([]byte, max(size, 1))\n\
         \tp := unsafe.Pointer(&buf[0])\n\
         \tlive[uintptr(p)] = buf\n\
         \treturn p\n\
         }}\n\
         \n\
         //go:wasmexport free\n\
         func free(p unsafe.Pointer) {{ delete(live, uintptr(p)) }}"
    )
}
