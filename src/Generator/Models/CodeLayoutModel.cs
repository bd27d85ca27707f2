namespace Lanyard.Generator.Models;

/// <summary>How codes lie in a stored tensor.</summary>
/// <param name="Type">What a code stands for, as an expression: <c>global::Lanyard.CodeType.E2M1</c>.</param>
/// <param name="Bits">The bits of a code; zero where each is an element of its own.</param>
/// <param name="Word">The bits of a word.</param>
/// <param name="Axis">The axis along which codes are packed, counted from the end.</param>
/// <param name="Order">Where code i of each run of as many lies in it; empty where codes lie in order.</param>
/// <param name="Block">The codes of a block that has an axis of its own; zero for none.</param>
public sealed record CodeLayoutModel(string Type, int Bits, int Word, int Axis, EquatableArray<int> Order, int Block);
