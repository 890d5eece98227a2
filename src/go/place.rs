//! A type as it stands inside another one: names that refer back to an enclosing definition are
//! resolved, so that those who walk types never see a [`Type::Named`].
//!
//! Must not know what the walk is for.

use std::rc::Rc;

use super::types::{MAX_DEPTH, Type};

/// A type, and the definitions around it.
#[derive(Clone, Debug)]
pub(crate) struct Place<'t> {
    /// What the type is once its names are resolved. A [`Type::Named`] only if it refers to a
    /// definition that is not there.
    kind: &'t Type,
    name: Option<&'t str>,
    scope: Scope<'t>,
}

type Scope<'t> = Option<Rc<Definition<'t>>>;

#[derive(Debug)]
struct Definition<'t> {
    name: &'t str,
    ty: &'t Type,
    outer: Scope<'t>,
}

impl<'t> Place<'t> {
    /// `ty` with nothing around it.
    pub(crate) fn of(ty: &'t Type) -> Place<'t> {
        Place::within(ty, None)
    }

    /// The type without its names.
    pub(crate) fn kind(&self) -> &'t Type {
        self.kind
    }

    /// The outermost name of the type, if it has one.
    pub(crate) fn name(&self) -> Option<&'t str> {
        self.name
    }

    /// How Go writes the type here.
    pub(crate) fn written(&self) -> String {
        self.name
            .map_or_else(|| self.kind.to_string(), str::to_owned)
    }

    /// A type that stands inside this one: its element, or the type of a field.
    pub(crate) fn inner(&self, ty: &'t Type) -> Place<'t> {
        Place::within(ty, self.scope.clone())
    }

    fn within(ty: &'t Type, scope: Scope<'t>) -> Place<'t> {
        let mut place = Place {
            kind: ty,
            name: None,
            scope,
        };
        for _ in 0..MAX_DEPTH {
            let Type::Named { name, underlying } = place.kind else {
                return place;
            };
            place.name.get_or_insert(name);
            match underlying {
                Some(ty) => {
                    place.kind = ty;
                    place.scope = Some(Rc::new(Definition {
                        name,
                        ty,
                        outer: place.scope.take(),
                    }));
                }
                None => {
                    let Some(definition) = find(&place.scope, name) else {
                        return place;
                    };
                    place.kind = definition.ty;
                    place.scope = Some(definition);
                }
            }
        }
        place
    }
}

fn find<'t>(scope: &Scope<'t>, name: &str) -> Scope<'t> {
    let mut scope = scope.as_ref();
    while let Some(definition) = scope {
        if definition.name == name {
            return Some(Rc::clone(definition));
        }
        scope = definition.outer.as_ref();
    }
    None
}
