//! Which functions there are, what refers to them, and in which part each belongs.

use wasmparser::{
    BinaryReaderError, ConstExpr, ElementItems, ElementKind, ExternalKind, Operator, Parser,
    Payload, TypeRef,
};

pub struct Graph {
    /// How many functions are imported.
    pub imported: u32,
    /// The type of each function.
    pub types: Vec<u32>,
    /// For each function those that its body refers to.
    refers: Vec<Vec<u32>>,
    /// For each function the bytes of its body.
    sizes: Vec<u64>,
    /// Functions that are exported, or started.
    exported: Vec<u32>,
    /// Functions that lie in tables.
    pub elements: Vec<Element>,
}

/// A function in a table.
#[derive(Clone, Copy)]
pub struct Element {
    pub table: u32,
    pub at: u32,
    pub function: u32,
}

/// The part that has what no other one has.
pub const FIRST: usize = 0;

impl Graph {
    pub fn read(module: &[u8]) -> Result<Self, BinaryReaderError> {
        let mut graph = Self {
            imported: 0,
            types: Vec::new(),
            refers: Vec::new(),
            sizes: Vec::new(),
            exported: Vec::new(),
            elements: Vec::new(),
        };
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        if let TypeRef::Func(ty) = import?.ty {
                            graph.imported += 1;
                            graph.types.push(ty);
                            graph.refers.push(Vec::new());
                            graph.sizes.push(0);
                        }
                    }
                }
                Payload::FunctionSection(functions) => {
                    for ty in functions {
                        graph.types.push(ty?);
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            graph.exported.push(export.index);
                        }
                    }
                }
                Payload::StartSection { func, .. } => graph.exported.push(func),
                Payload::ElementSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        if let ElementKind::Active {
                            table_index,
                            offset_expr,
                        } = &segment.kind
                        {
                            let table = table_index.unwrap_or(0);
                            let at = offset(offset_expr)?;
                            let functions = items(segment.items)?;
                            let placed = (at..).zip(functions).filter_map(|(at, function)| {
                                function.map(|function| Element {
                                    table,
                                    at,
                                    function,
                                })
                            });
                            graph.elements.extend(placed);
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let mut refers = Vec::new();
                    for operator in body.get_operators_reader()? {
                        refers.extend(referred(&operator?));
                    }
                    refers.sort_unstable();
                    refers.dedup();
                    graph.refers.push(refers);
                    graph.sizes.push(body.range().end - body.range().start);
                }
                _ => {}
            }
        }
        Ok(graph)
    }

    /// The part of each function. What is not `named` belongs to the only part that reaches it, or to the
    /// first if several do, or none.
    pub fn parts(&self, named: &[Option<usize>], parts: usize) -> Vec<usize> {
        let mut reached_by = vec![None; self.types.len()];
        let held = self
            .exported
            .iter()
            .copied()
            .chain(self.elements.iter().map(|element| element.function));
        self.reach(held.collect(), named, &mut reached_by, FIRST);
        for part in FIRST..parts {
            let of_part = (0..).zip(named).filter(|(_, named)| **named == Some(part));
            let of_part: Vec<u32> = of_part.map(|(function, _)| function).collect();
            let called = of_part
                .iter()
                .flat_map(|function| self.refers_to(*function))
                .copied();
            self.reach(called.collect(), named, &mut reached_by, part);
        }
        let functions = (0..).zip(named.iter().zip(reached_by));
        let parts = functions.map(|(function, (named, reached))| match named {
            _ if self.is_imported(function) => FIRST,
            Some(part) => *part,
            None => reached.unwrap_or(FIRST),
        });
        parts.collect()
    }

    /// Goes on from `next` to all that is not named, for `part`; what another one reaches, too, is the first's.
    fn reach(
        &self,
        mut next: Vec<u32>,
        named: &[Option<usize>],
        reached_by: &mut [Option<usize>],
        part: usize,
    ) {
        while let Some(function) = next.pop() {
            let at = function as usize;
            let now = match reached_by[at] {
                None => part,
                Some(other) if other == part => continue,
                Some(_) => FIRST,
            };
            if named[at].is_some() || reached_by[at] == Some(now) {
                continue;
            }
            reached_by[at] = Some(now);
            next.extend(self.refers_to(function));
        }
    }

    /// The functions of other parts that this one refers to; sorted.
    pub fn needed(&self, parts: &[usize], part: usize) -> Vec<u32> {
        let from = parts
            .iter()
            .zip(&self.refers)
            .filter(|(from, _)| **from == part);
        let referred = from.flat_map(|(_, refers)| refers).copied();
        sorted(referred.filter(|function| parts[*function as usize] != part))
    }

    /// The functions of later parts that something outside of their part refers to; sorted.
    pub fn stubs(&self, parts: &[usize]) -> Vec<u32> {
        let from = parts.iter().zip(&self.refers);
        let referred = from.flat_map(|(from, refers)| {
            let is_other = move |to: &&u32| parts[**to as usize] != *from;
            refers.iter().filter(is_other).copied()
        });
        let elements = self.elements.iter().map(|element| element.function);
        let all = referred
            .chain(self.exported.iter().copied())
            .chain(elements);
        sorted(all.filter(|function| parts[*function as usize] != FIRST))
    }

    /// Whether it is worth a stub. What is as short is often the same for many, with the name of any.
    pub fn is_worth_moving(&self, function: u32) -> bool {
        const STUB: u64 = 16;
        self.sizes[function as usize] > STUB
    }

    fn refers_to(&self, function: u32) -> &[u32] {
        &self.refers[function as usize]
    }

    fn is_imported(&self, function: u32) -> bool {
        function < self.imported
    }
}

fn sorted(functions: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut functions: Vec<u32> = functions.collect();
    functions.sort_unstable();
    functions.dedup();
    functions
}

fn offset(expression: &ConstExpr<'_>) -> Result<u32, BinaryReaderError> {
    match expression.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(value.cast_unsigned()),
        _ => Ok(0),
    }
}

fn items(items: ElementItems<'_>) -> Result<Vec<Option<u32>>, BinaryReaderError> {
    match items {
        ElementItems::Functions(functions) => functions
            .into_iter()
            .map(|function| function.map(Some))
            .collect(),
        ElementItems::Expressions(_, expressions) => expressions
            .into_iter()
            .map(|expression| Ok(referred(&expression?.get_operators_reader().read()?)))
            .collect(),
    }
}

fn referred(operator: &Operator<'_>) -> Option<u32> {
    match operator {
        Operator::Call { function_index }
        | Operator::ReturnCall { function_index }
        | Operator::RefFunc { function_index } => Some(*function_index),
        _ => None,
    }
}
