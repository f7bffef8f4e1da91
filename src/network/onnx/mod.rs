//! ONNX models as graphs of operators that libtorch runs and differentiates.

mod call;
mod constant;
mod graph;
mod node;
mod operators;
mod source;

pub(super) use graph::Graph;
pub(super) use node::Node;
pub(super) use source::Source;
