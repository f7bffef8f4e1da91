//! An ONNX graph from rows of features to the formula's values, in double precision.

use super::Export;
use super::names::identifiers;
use crate::error::{Error, Result};
use crate::formula::{Expression, Operator};
use crate::onnx_messages::{
    Attribute, Dimension, Graph, Model, Node, OperatorSet, Shape, Tensor, TensorType, Type,
    ValueInfo,
};
use prost::Message;
use std::f64::consts::FRAC_PI_2;

/// The graph's input, `(n_samples, n_features)`.
const INPUT: &str = "features";
/// Operators as of ONNX 1.8 (2020), which every runtime of today knows.
const OPERATOR_SET: i64 = 13;
const FORMAT: i64 = 7;

const FLOAT: i32 = 1;
const INT64: i32 = 7;
const BOOL: i32 = 9;
const DOUBLE: i32 = 11;

/// Attributes that hold a whole number.
const INT: i32 = 2;

/// Writes nodes one after the other, and names what they put out.
struct Writer {
    graph: Graph,
    features: Vec<String>,
    n_values: usize,
}

impl Writer {
    /// A tensor of one number.
    fn constant(&mut self, data_type: i32, raw_data: Vec<u8>) -> String {
        let name = self.next("number");
        self.graph.initializer.push(Tensor {
            name: name.clone(),
            data_type,
            raw_data,
            ..Tensor::default()
        });
        name
    }

    fn number(&mut self, value: f64) -> String {
        self.constant(DOUBLE, value.to_le_bytes().to_vec())
    }

    fn next(&mut self, what: &str) -> String {
        self.n_values += 1;
        format!("{what}_{}", self.n_values)
    }

    fn node(
        &mut self,
        operator: &str,
        input: Vec<String>,
        attribute: Option<(&str, i64)>,
    ) -> String {
        let output = self.next("value");
        self.node_to(operator, input, attribute, output)
    }

    fn node_to(
        &mut self,
        operator: &str,
        input: Vec<String>,
        attribute: Option<(&str, i64)>,
        output: String,
    ) -> String {
        let attribute = attribute.map(|(name, i)| Attribute {
            name: name.into(),
            i,
            r#type: INT,
            ..Attribute::default()
        });
        self.graph.node.push(Node {
            input,
            output: vec![output.clone()],
            op_type: operator.into(),
            attribute: attribute.into_iter().collect(),
            ..Node::default()
        });
        output
    }

    /// A column of the input, gathered where it is first needed.
    fn feature(&mut self, index: usize) -> String {
        let name = format!("{INPUT}/{}", self.features[index]);
        let is_made = |node: &Node| node.output.first() == Some(&name);
        if !self.graph.node.iter().any(is_made) {
            let place = self.constant(INT64, (index as i64).to_le_bytes().to_vec());
            let input = vec![INPUT.into(), place];
            return self.node_to("Gather", input, Some(("axis", 1)), name);
        }
        name
    }

    fn cast(&mut self, value: String, to: i32) -> String {
        self.node("Cast", vec![value], Some(("to", i64::from(to))))
    }

    fn value(&mut self, expression: &Expression) -> String {
        let (operator, arguments) = match expression {
            Expression::Constant(value) => return self.number(*value),
            Expression::Variable(index) => return self.feature(*index),
            Expression::Apply(operator, arguments) => (*operator, arguments),
        };
        let mut input: Vec<String> = arguments.iter().map(|part| self.value(part)).collect();
        let exponent = match operator {
            Operator::Square => Some(2.0),
            Operator::Cube => Some(3.0),
            _ => None,
        };
        if let Some(exponent) = exponent {
            input.push(self.number(exponent));
        }
        if operator == Operator::Powi
            && let Some(exponent) = input.pop()
        {
            let rounded = self.rounded(exponent);
            input.push(rounded);
        }
        // onnxruntime 1.23 has no cosine in double precision.
        if operator == Operator::Cos
            && let Some(angle) = input.pop()
        {
            let quarter = self.number(FRAC_PI_2);
            let shifted = self.node("Add", vec![angle, quarter], None);
            return self.node("Sin", vec![shifted], None);
        }
        let name = operator_name(operator);
        if !has_double(operator) {
            let input = input.into_iter().map(|value| self.cast(value, FLOAT));
            let input = input.collect();
            let value = self.node(name, input, None);
            return self.cast(value, DOUBLE);
        }
        self.node(name, input, None)
    }

    /// Halves rounded away from 0. ONNX rounds them to even numbers.
    fn rounded(&mut self, value: String) -> String {
        let sign = self.node("Sign", vec![value.clone()], None);
        let size = self.node("Abs", vec![value], None);
        let half = self.number(0.5);
        let above = self.node("Add", vec![size, half], None);
        let whole = self.node("Floor", vec![above], None);
        self.node("Mul", vec![sign, whole], None)
    }
}

fn operator_name(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "Add",
        Operator::Sub => "Sub",
        Operator::Mul => "Mul",
        Operator::Div => "Div",
        Operator::Neg => "Neg",
        Operator::Square | Operator::Cube | Operator::Powi | Operator::Pow => "Pow",
        Operator::Inv => "Reciprocal",
        Operator::Sqrt => "Sqrt",
        // A cosine is written as a sine.
        Operator::Sin | Operator::Cos => "Sin",
        Operator::Tan => "Tan",
        Operator::Asin => "Asin",
        Operator::Acos => "Acos",
        Operator::Atan => "Atan",
        Operator::Sinh => "Sinh",
        Operator::Cosh => "Cosh",
        Operator::Tanh => "Tanh",
        Operator::Exp => "Exp",
        Operator::Log => "Log",
        Operator::Abs => "Abs",
        Operator::Sigmoid => "Sigmoid",
        Operator::Max => "Max",
        Operator::Min => "Min",
        // Refused when the export is made.
        Operator::Custom(_) => "Identity",
    }
}

/// Whether onnxruntime computes the operator in double precision (its list of kernels for the CPU).
fn has_double(operator: Operator) -> bool {
    !matches!(
        operator,
        Operator::Tan
            | Operator::Asin
            | Operator::Acos
            | Operator::Atan
            | Operator::Sinh
            | Operator::Cosh
    )
}

fn tensor(name: &str, elem_type: i32, n_columns: Option<usize>) -> ValueInfo {
    let rows = Dimension {
        dim_value: None,
        dim_param: "n_samples".into(),
    };
    let columns = n_columns.map(|n| Dimension {
        dim_value: Some(n as i64),
        ..Dimension::default()
    });
    let shape = Shape {
        dim: std::iter::once(rows).chain(columns).collect(),
    };
    let tensor_type = TensorType {
        elem_type,
        shape: Some(shape),
    };
    ValueInfo {
        name: name.into(),
        r#type: Some(Type {
            tensor_type: Some(tensor_type),
        }),
    }
}

pub(super) fn write(export: &Export) -> Result<Vec<u8>> {
    let n_features = export.feature_names.len();
    if n_features == 0 {
        return Err(Error::Unusable(
            "the formula has no features, but ONNX reads rows of at least one".into(),
        ));
    }
    let mut writer = Writer {
        graph: Graph::default(),
        features: identifiers(export),
        n_values: 0,
    };
    let mut value = writer.value(&export.expression);
    if export.expression.n_variables() == 0 {
        // The number once for each row.
        let first = writer.feature(0);
        let shape = writer.node("Shape", vec![first], None);
        value = writer.node("Expand", vec![value, shape], None);
    }
    let (name, rule) = (export.name.clone(), export.rule_name());
    let value = writer.node_to("Identity", vec![value], None, name.clone());
    let mut output = vec![tensor(&name, DOUBLE, None)];
    if let Some(threshold) = export.threshold {
        let threshold = writer.number(threshold);
        writer.node_to("Greater", vec![value, threshold], None, rule.clone());
        output.push(tensor(&rule, BOOL, None));
    }
    let graph = Graph {
        name,
        input: vec![tensor(INPUT, DOUBLE, Some(n_features))],
        output,
        ..writer.graph
    };
    let model = Model {
        ir_version: FORMAT,
        producer_name: "closedform".into(),
        graph: Some(graph),
        opset_import: vec![OperatorSet {
            domain: String::new(),
            version: OPERATOR_SET,
        }],
    };
    Ok(model.encode_to_vec())
}
