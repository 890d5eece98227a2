//! Types and values for the property tests.

use proptest::prelude::*;

use super::types::{Field, Struct, Type};
use super::value::{Pointer, Value};

/// A type that may lie in memory. `pointers`: with what only TinyGo permits there.
pub(super) fn types(pointers: bool) -> BoxedStrategy<Type> {
    let mut scalars = vec![
        Type::Bool,
        Type::Int8,
        Type::Int16,
        Type::Int32,
        Type::Int64,
        Type::Uint8,
        Type::Uint16,
        Type::Uint32,
        Type::Uint64,
        Type::Float32,
        Type::Float64,
    ];
    if pointers {
        scalars.extend([Type::Uintptr, Type::UnsafePointer, Type::String]);
    }
    prop::sample::select(scalars)
        .prop_recursive(4, 24, 5, move |inner| {
            let structs = prop::collection::vec((inner.clone(), any::<bool>()), 0..5);
            let structs = structs.prop_map(|fields| {
                let field = |(index, (ty, blank)): (usize, (Type, bool))| {
                    let blank = blank && index % 4 == 3;
                    let name = if blank {
                        "_".to_owned()
                    } else {
                        format!("f{index}")
                    };
                    Field::new(name, ty)
                };
                Type::Struct(Struct {
                    host_layout: !fields.is_empty(),
                    fields: fields.into_iter().enumerate().map(field).collect(),
                })
            });
            let arrays = (inner.clone(), 0..4u32).prop_map(|(ty, length)| ty.array(length));
            let named = (inner.clone(), "[A-Z][a-z]{1,3}").prop_map(|(ty, name)| ty.named(name));
            if pointers {
                prop_oneof![structs, arrays, named, inner.prop_map(Type::pointer)].boxed()
            } else {
                prop_oneof![structs, arrays, named].boxed()
            }
        })
        .boxed()
}

/// A value of a type that has no names that refer back.
pub(super) fn values(ty: &Type) -> BoxedStrategy<Value> {
    let address = any::<u32>().prop_map(|address| {
        Value::Pointer(match address {
            0 => Pointer::Nil,
            address => Pointer::Address(address),
        })
    });
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Int8 => any::<i8>().prop_map(|n| Value::Int(n.into())).boxed(),
        Type::Int16 => any::<i16>().prop_map(|n| Value::Int(n.into())).boxed(),
        Type::Int32 => any::<i32>().prop_map(|n| Value::Int(n.into())).boxed(),
        Type::Int64 => any::<i64>().prop_map(Value::Int).boxed(),
        Type::Uint8 => any::<u8>().prop_map(|n| Value::Uint(n.into())).boxed(),
        Type::Uint16 => any::<u16>().prop_map(|n| Value::Uint(n.into())).boxed(),
        Type::Uint32 | Type::Uintptr => any::<u32>().prop_map(|n| Value::Uint(n.into())).boxed(),
        Type::Uint64 => any::<u64>().prop_map(Value::Uint).boxed(),
        Type::Float32 => any::<u32>().prop_map(Value::Float32).boxed(),
        Type::Float64 => any::<u64>().prop_map(Value::Float64).boxed(),
        Type::String => prop_oneof![
            any::<String>().prop_map(Value::string),
            any::<Vec<u8>>().prop_map(Value::String)
        ]
        .boxed(),
        Type::UnsafePointer => address.boxed(),
        Type::Pointer(element) => {
            prop_oneof![address, values(element).prop_map(Value::new)].boxed()
        }
        Type::Array(element, length) => {
            let length = usize::try_from(*length).unwrap();
            prop::collection::vec(values(element), length)
                .prop_map(Value::Array)
                .boxed()
        }
        Type::Struct(structure) => {
            let mut all = Just(Vec::new()).boxed();
            for field in &structure.fields {
                let name = field.name.clone();
                all = (all, values(&field.ty))
                    .prop_map(move |(mut fields, value)| {
                        fields.push((name.clone(), value));
                        fields
                    })
                    .boxed();
            }
            all.prop_map(Value::Struct).boxed()
        }
        Type::Named { underlying, .. } => values(underlying.as_ref().unwrap()),
        Type::Ref(_) | Type::Several(_) | Type::Other(_) => panic!("{ty} is not in memory"),
    }
}

/// A type with one of its values.
pub(super) fn typed_values(pointers: bool) -> BoxedStrategy<(Type, Value)> {
    types(pointers)
        .prop_flat_map(|ty| values(&ty).prop_map(move |value| (ty.clone(), value)))
        .boxed()
}

/// `value` with its blank fields zero, as no text can say what they hold.
pub(super) fn without_blanks(value: Value, ty: &Type) -> Value {
    match (value, ty.underlying()) {
        (Value::Struct(fields), Type::Struct(structure)) => {
            let fields = fields.into_iter().zip(&structure.fields);
            Value::Struct(
                fields
                    .map(|((name, value), field)| {
                        let value = if name == "_" {
                            Value::zero(&field.ty).unwrap()
                        } else {
                            without_blanks(value, &field.ty)
                        };
                        (name, value)
                    })
                    .collect(),
            )
        }
        (Value::Array(values), Type::Array(element, _)) => {
            let values = values.into_iter();
            Value::Array(values.map(|value| without_blanks(value, element)).collect())
        }
        (Value::Pointer(Pointer::New(value)), Type::Pointer(element)) => {
            Value::new(without_blanks(*value, element))
        }
        (value, _) => value,
    }
}
