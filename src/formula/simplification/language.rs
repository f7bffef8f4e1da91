//! Formulas as the e-graph sees them: nodes with ids for arguments, and constants computed.

use crate::formula::{Expression, Operator};
use egg::{Analysis, DidMerge, EGraph, FromOp, FromOpError, Id, Language, RecExpr};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// A constant with the total order and the hash that the e-graph needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number(pub f64);

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// A node of a formula. Operators are told apart by arity alone, so that a new one needs no
/// change here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Node {
    Constant(Number),
    Variable(usize),
    Unary(Operator, [Id; 1]),
    Binary(Operator, [Id; 2]),
}

impl Node {
    /// Zero has one sign here: patterns match bit by bit.
    pub fn constant(value: f64) -> Self {
        Self::Constant(Number(if value == 0.0 { 0.0 } else { value }))
    }

    pub fn operator(&self) -> Option<Operator> {
        match self {
            Self::Constant(_) | Self::Variable(_) => None,
            Self::Unary(operator, _) | Self::Binary(operator, _) => Some(*operator),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Constant,
    Variable,
    Operator(Operator),
}

impl Language for Node {
    type Discriminant = Kind;

    fn discriminant(&self) -> Kind {
        match self {
            Self::Constant(_) => Kind::Constant,
            Self::Variable(_) => Kind::Variable,
            Self::Unary(operator, _) | Self::Binary(operator, _) => Kind::Operator(*operator),
        }
    }

    fn matches(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Constant(a), Self::Constant(b)) => a == b,
            (Self::Variable(a), Self::Variable(b)) => a == b,
            (Self::Unary(a, _), Self::Unary(b, _)) | (Self::Binary(a, _), Self::Binary(b, _)) => {
                a == b
            }
            _ => false,
        }
    }

    fn children(&self) -> &[Id] {
        match self {
            Self::Constant(_) | Self::Variable(_) => &[],
            Self::Unary(_, arguments) => arguments,
            Self::Binary(_, arguments) => arguments,
        }
    }

    fn children_mut(&mut self) -> &mut [Id] {
        match self {
            Self::Constant(_) | Self::Variable(_) => &mut [],
            Self::Unary(_, arguments) => arguments,
            Self::Binary(_, arguments) => arguments,
        }
    }
}

/// Reads the patterns of the rewrites: a number, or the name of an operator.
impl FromOp for Node {
    type Error = FromOpError;

    fn from_op(name: &str, children: Vec<Id>) -> Result<Self, FromOpError> {
        let node = match (children.as_slice(), Operator::named(name)) {
            ([], None) => name.parse().ok().map(Self::constant),
            (&[a], Some(operator)) if operator.arity() == 1 => Some(Self::Unary(operator, [a])),
            (&[a, b], Some(operator)) if operator.arity() == 2 => {
                Some(Self::Binary(operator, [a, b]))
            }
            _ => None,
        };
        node.ok_or_else(|| FromOpError::new(name, children))
    }
}

pub(super) fn to_nodes(expression: &Expression) -> RecExpr<Node> {
    fn add(expression: &Expression, nodes: &mut RecExpr<Node>) -> Id {
        let node = match expression {
            Expression::Constant(value) => Node::constant(*value),
            Expression::Variable(index) => Node::Variable(*index),
            Expression::Apply(operator, arguments) => {
                let first = add(&arguments[0], nodes);
                match arguments.get(1) {
                    None => Node::Unary(*operator, [first]),
                    Some(second) => Node::Binary(*operator, [first, add(second, nodes)]),
                }
            }
        };
        nodes.add(node)
    }
    let mut nodes = RecExpr::default();
    add(expression, &mut nodes);
    nodes
}

pub(super) fn to_expression(nodes: &RecExpr<Node>) -> Expression {
    fn build(nodes: &RecExpr<Node>, id: Id) -> Expression {
        match nodes[id] {
            Node::Constant(Number(value)) => Expression::Constant(value),
            Node::Variable(index) => Expression::Variable(index),
            Node::Unary(operator, [a]) => Expression::unary(operator, build(nodes, a)),
            Node::Binary(operator, [a, b]) => {
                Expression::binary(operator, build(nodes, a), build(nodes, b))
            }
        }
    }
    build(nodes, nodes.root())
}

/// Knows the value of every class that is a number, and writes it as one.
#[derive(Debug, Default)]
pub(super) struct Folding;

impl Analysis<Node> for Folding {
    type Data = Option<f64>;

    fn make(graph: &mut EGraph<Node, Self>, node: &Node, _: Id) -> Option<f64> {
        let value = match node {
            Node::Constant(Number(value)) => *value,
            Node::Variable(_) => return None,
            Node::Unary(operator, [a]) => operator.value(graph[*a].data?, 0.0),
            Node::Binary(operator, [a, b]) => operator.value(graph[*a].data?, graph[*b].data?),
        };
        value.is_finite().then_some(value)
    }

    /// Two values of one class differ by rounding alone; the older stays.
    fn merge(&mut self, to: &mut Option<f64>, from: Option<f64>) -> DidMerge {
        match (*to, from) {
            (None, Some(_)) => {
                *to = from;
                DidMerge(true, false)
            }
            (Some(a), Some(b)) => DidMerge(false, a != b),
            (Some(_), None) => DidMerge(false, true),
            (None, None) => DidMerge(false, false),
        }
    }

    fn modify(graph: &mut EGraph<Node, Self>, id: Id) {
        if let Some(value) = graph[id].data {
            let constant = graph.add(Node::constant(value));
            graph.union(id, constant);
            // Other ways to write a number help nobody and would multiply.
            graph[id].nodes.retain(Node::is_leaf);
        }
    }
}
